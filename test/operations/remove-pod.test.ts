import { expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { createRemoval } from '../../src/operations/remove-pod.ts';
import type { Cluster } from '../../src/ports.ts';
import { createLogBook } from '../fakes/log-book.ts';

test('what fails once a pod may not be deleted is told to whoever waits', async () => {
  const log = createLogBook();
  const deletePod = () => Promise.reject(new ClusterError('forbidden', 'pods may not be deleted'));
  const cluster = { deletePod } satisfies Partial<Cluster> as unknown as Cluster;
  const ref = { kind: 'statefulset', namespace: 'shop', name: 'db' } as const;
  const failed = await new Promise((onFailed) => {
    const onRefused = () => {
      throw new Error('the next look');
    };
    const removal = createRemoval({ cluster, log }, { ref, forced: true }, { onRefused, onFailed });
    removal.leaves({
      pod: { metadata: { name: 'db-2', namespace: 'shop', uid: '1', resourceVersion: '1' } },
      sign: 'unready',
    });
  });
  expect([failed, log.warnings]).toEqual([
    new Error('the next look'),
    ['pods may not be deleted; pod db-2 stays in the way'],
  ]);
});
