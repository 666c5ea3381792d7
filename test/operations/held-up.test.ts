import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { type RolloutEnd, watchRollout } from '../../src/operations/watch-rollout.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { readSet } from '../fixtures/load.ts';
import { POLICY } from './shop.ts';
import { stillCluster } from './still-cluster.ts';

const ref = { kind: 'statefulset', namespace: 'shop', name: 'db' } as const;

interface Watching {
  readonly leftFailed?: boolean;
  readonly forced?: boolean;
  readonly refusal?: ClusterError;
  /** Seconds that go by. */
  readonly seconds?: number;
}

async function watch(fixture: string, { leftFailed = false, forced = false, refusal, seconds = 0 }: Watching) {
  const captured = readSet(fixture);
  const { workload, revisions } = captured;
  const { cluster, deleted } = stillCluster(captured, refusal);
  const [clock, log, halt] = [createFakeClock(), createLogBook(), new AbortController()];
  let end: RolloutEnd | undefined;
  const watching = watchRollout(
    { cluster, clock, log },
    {
      ...{ ref, deployment: workload, template: workload.spec.template, leftFailed, forced },
      replicaSets: { items: revisions, resourceVersion: '1' },
      generation: workload.metadata.generation ?? 0,
      progressingBefore: undefined,
      timeoutMs: 60_000,
      policy: POLICY,
    },
    { halt: halt.signal, completed: () => undefined },
  ).then((ended) => {
    end = ended;
  });
  for (let count = 0; count < 20; count += 1) await turn();
  if (seconds > 0) await clock.advance(seconds * 1000);
  const status = end?.status;
  halt.abort();
  await watching;
  return { status, deleted, log, last: end?.last };
}

describe('a StatefulSet whose controller waits for a pod of another release', () => {
  const stuck = 'stateful-set-trapped';
  const starting = 'stateful-set-trapped-unready';

  test('that shows why: it ends at once', async () => {
    const { status, deleted } = await watch(stuck, {});
    expect(status).toMatchObject({ state: 'held-up', message: expect.stringMatching(/^held up by pod db-2 /) });
    expect(deleted).toEqual([]);
  });

  test('that only is not ready: it waits until the time is over, which decides nothing about the release', async () => {
    expect((await watch(starting, { seconds: 59 })).status).toBeUndefined();
    expect((await watch(starting, { seconds: 61 })).status).toMatchObject({
      state: 'undecided',
      message: expect.stringMatching(/^not complete after 60 s: .*; held up by pod db-2 /),
    });
  });

  test('that only is not ready, and whose release failed: it ends at once', async () => {
    expect((await watch(starting, { leftFailed: true })).status).toMatchObject({ state: 'held-up' });
  });

  test.each([stuck, starting])('%s, forced: the pod is deleted, once', async (fixture) => {
    const { status, deleted, log, last } = await watch(fixture, { forced: true, leftFailed: true, seconds: 1 });
    expect([status, deleted, last?.inTheWay]).toEqual([undefined, ['db-2'], undefined]);
    expect(log.infos.filter((line) => line.includes('deleting pod db-2'))).toHaveLength(1);
  });

  test('forced, without the right: it is told, and ends as if it were not', async () => {
    const refusal = new ClusterError('forbidden', 'pod shop/db-2: forbidden to delete');
    const { status, deleted, log } = await watch(stuck, { forced: true, refusal });
    expect([status?.state, deleted]).toEqual(['held-up', ['db-2']]);
    expect(log.warnings).toContainEqual(expect.stringContaining('forbidden to delete; pod db-2 stays in the way'));
  });
});

test('only pods of its own release are judged', async () => {
  const { last } = await watch('stateful-set-crash', {});
  const names = (pods: readonly Pod[] | undefined) => pods?.map(({ metadata }) => metadata.name);
  expect(names(last?.pods)).toEqual(['db-2']);
});
