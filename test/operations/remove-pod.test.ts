import { expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { createRemoval } from '../../src/operations/remove-pod.ts';
import type { Cluster } from '../../src/ports.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import type { PodInTheWay } from '../../src/rollout/ordered-ready.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';

const { signal } = new AbortController();
const ref = { kind: 'statefulset', namespace: 'shop', name: 'db' } as const;

/** `db-2`, which started at 9:00 and has not been ready since then. */
function inTheWay(sign: PodInTheWay['sign'], { uid = '1', since = '09:00:00' } = {}): PodInTheWay {
  const at = (time: string) => `2026-11-21T${time}Z`;
  const pod: Pod = {
    metadata: { name: 'db-2', namespace: 'shop', uid, resourceVersion: '1' },
    status: {
      startTime: at('09:00:00'),
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(since) }],
    },
  };
  return { pod, sign };
}

/** At 12:00; says which pods it deletes when it sees these. */
function removal({ forced = true, leftFailed = false } = {}) {
  const deleted: string[] = [];
  const deletePod = async ({ metadata }: Pod) => void deleted.push(metadata.uid);
  const cluster = { deletePod } satisfies Partial<Cluster> as unknown as Cluster;
  const ports = { cluster, clock: createFakeClock(), log: createLogBook() };
  const nothing = () => undefined;
  const { leaves } = createRemoval(ports, { ref, forced, leftFailed }, signal, {
    onChange: nothing,
    onFailed: nothing,
  });
  return (...seen: readonly PodInTheWay[]) => ({ left: seen.map((each) => leaves(each)?.pod.metadata.uid), deleted });
}

test.each<readonly [string, PodInTheWay, { readonly forced?: boolean; readonly leftFailed?: boolean }, boolean]>([
  ['a pod that is stuck', inTheWay('stuck'), {}, true],
  ['a pod that is stuck, where nobody asked for it', inTheWay('stuck'), { forced: false }, false],
  ['a pod that never was ready', inTheWay('unready'), {}, true],
  ['a pod that lost that a minute ago', inTheWay('unready', { since: '11:59:00' }), {}, true],
  ['a pod that lost that just now', inTheWay('unready', { since: '11:59:55' }), {}, false],
  [
    'a pod that lost that just now, of a release that failed',
    inTheWay('unready', { since: '11:59:55' }),
    { leftFailed: true },
    true,
  ],
  ['a pod whose node does not answer', inTheWay('lost'), { leftFailed: true }, false],
  ['a pod that is to stay as it is', inTheWay('kept'), { leftFailed: true }, false],
])('%s', (_, seen, observed, isDeleted) => {
  expect(removal(observed)(seen, seen)).toEqual(
    isDeleted ? { left: [undefined, undefined], deleted: ['1'] } : { left: ['1', '1'], deleted: [] },
  );
});

test('a pod that lost that just now is looked at again when that is a minute ago, though nobody tells of it', async () => {
  const deleted: string[] = [];
  const deletePod = async ({ metadata }: Pod) => void deleted.push(metadata.uid);
  const cluster = { deletePod } satisfies Partial<Cluster> as unknown as Cluster;
  const clock = createFakeClock();
  const stop = new AbortController();
  const look = () => void leaves(inTheWay('unready', { since: '11:59:55' }));
  const { leaves } = createRemoval({ cluster, clock, log: createLogBook() }, { ref, forced: true }, stop.signal, {
    onChange: look,
    onFailed: () => undefined,
  });
  look();
  look();
  expect(clock.sleepers()).toBe(1);
  await clock.advance(54_000);
  expect(deleted).toEqual([]);
  await clock.advance(10_000);
  expect(deleted).toEqual(['1']);
  expect(clock.sleepers()).toBe(0);
});

test.each<readonly [string, PodInTheWay['sign'], boolean, readonly string[]]>([
  ['and may just be starting: it is left to start', 'unready', false, ['1']],
  ['and is stuck', 'stuck', false, ['1', '2']],
  ['of a release that failed', 'unready', true, ['1', '2']],
])('a pod that is made anew of the other release, %s', (_, sign, leftFailed, uids) => {
  const seen = removal({ leftFailed })(inTheWay('unready'), inTheWay(sign, { uid: '2' }));
  expect(seen.deleted).toEqual(uids);
  expect(seen.left).toEqual([undefined, uids.includes('2') ? undefined : '2']);
});

test('what fails once a pod may not be deleted is told to whoever waits', async () => {
  const log = createLogBook();
  const deletePod = () => Promise.reject(new ClusterError('forbidden', 'pods may not be deleted'));
  const cluster = { deletePod } satisfies Partial<Cluster> as unknown as Cluster;
  const failed = await new Promise((onFailed) => {
    const onChange = () => {
      throw new Error('the next look');
    };
    const ports = { cluster, clock: createFakeClock(), log };
    createRemoval(ports, { ref, forced: true }, signal, { onChange, onFailed }).leaves(inTheWay('stuck'));
  });
  expect([failed, log.warnings]).toEqual([
    new Error('the next look'),
    ['pods may not be deleted; pod db-2 stays in the way'],
  ]);
});
