import { expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { watchRollout } from '../../src/operations/watch-rollout.ts';
import type { Cluster, Following, ObjectList } from '../../src/ports.ts';
import type { ClusterEvent, Deployment, KubernetesObject, Pod } from '../../src/rollout/objects.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { readSet } from '../fixtures/load.ts';
import { POLICY } from './shop.ts';

const ref = { kind: 'statefulset', namespace: 'shop', name: 'db' } as const;
/** The cluster's clock is not ours, which begins at 12:00. */
const WRITTEN = '2026-11-21T18:30:00Z';
const DENIED = 'pods "db-2" is forbidden: violates PodSecurity "baseline:latest": privileged';

const at = (seconds: number) => new Date(Date.parse(WRITTEN) + seconds * 1000).toISOString();

function attempt(seconds: number, refusal?: string): ClusterEvent {
  const lastTimestamp = at(seconds);
  const metadata = { name: 'e', namespace: 'shop', uid: 'e', resourceVersion: '1' };
  const text = `Create Pod db-2 in StatefulSet db ${refusal ? `failed error: ${refusal}` : 'successful'}`;
  const reason = refusal ? 'FailedCreate' : 'SuccessfulCreate';
  return { metadata, involvedObject: {}, reason, message: text, lastTimestamp };
}

/** A StatefulSet of three whose `db-2` was deleted for its new template, and is not there again. */
async function watch() {
  const { workload, revisions, pods } = readSet('stateful-set-mid-rollout');
  const { metadata, status, ...rest } = workload;
  const set = (replicas: number): Deployment => ({
    ...rest,
    metadata: { ...metadata, managedFields: [{ manager: 'rollkey', time: WRITTEN }] },
    status: { ...status, replicas, updatedReplicas: replicas - 2, readyReplicas: 2, availableReplicas: 2 },
  });
  const asked: (readonly string[])[] = [];
  const list = <T extends KubernetesObject>(items: readonly unknown[]) =>
    ({ items, resourceVersion: '1' }) as ObjectList<T>;
  let now = set(2);
  const waiting = new Map<Following['resource'], () => void>();
  let answer: () => readonly ClusterEvent[] = () => [];
  const others = pods.filter(({ metadata: { name } }) => name !== 'db-2');
  const [newest] = pods.filter(({ metadata: { name } }) => name === 'db-2');
  const hash = { 'controller-revision-hash': status?.updateRevision ?? '' };
  let followed: readonly Pod[] = others;
  let listed: readonly Pod[] = others;
  const select = ({ resource }: Following): readonly unknown[] =>
    ({ workload: [now], revisions, pods: followed })[resource];
  const cluster: Partial<Cluster> = {
    getWorkload: async () => now,
    listRevisions: async () => list(revisions),
    listPods: async () => list(listed),
    async listEvents(_namespace, uids) {
      asked.push(uids);
      return answer();
    },
    async *follow<T extends KubernetesObject>(following: Following, signal: AbortSignal) {
      while (!signal.aborted) {
        yield select(following) as readonly T[];
        await new Promise((resolve) => {
          waiting.set(following.resource, () => resolve(undefined));
          signal.addEventListener('abort', resolve, { once: true });
        });
      }
    },
  };
  const [clock, log, halt] = [createFakeClock(), createLogBook(), new AbortController()];
  const watching = watchRollout(
    { cluster: cluster as Cluster, clock, log },
    {
      ...{ ref, deployment: now, template: now.spec.template, policy: POLICY },
      replicaSets: list(revisions),
      generation: metadata.generation ?? 0,
      progressingBefore: undefined,
      timeoutMs: 120_000,
    },
    { halt: halt.signal, completed: () => undefined },
  );
  let ended = false;
  const noteEnd = () => {
    ended = true;
  };
  void watching.then(noteEnd, noteEnd);
  await clock.advance(0);
  return {
    ...{ asked, clock, log, uid: metadata.uid },
    tell(...events: readonly ClusterEvent[]) {
      answer = () => events;
    },
    refuse(error: ClusterError) {
      answer = () => {
        throw error;
      };
    },
    async have(pods: number) {
      now = set(pods);
      waiting.get('workload')?.();
      await clock.advance(0);
    },
    /** `db-2` is there, made so many seconds after the write, while another pod lacks; a watch may lag behind. */
    async make(seconds: number, isFollowed: boolean) {
      if (!newest) throw new Error('no db-2');
      const { labels, ...metadata } = newest.metadata;
      listed = [
        ...others,
        { ...newest, metadata: { ...metadata, creationTimestamp: at(seconds), labels: { ...labels, ...hash } } },
      ];
      if (isFollowed) followed = listed;
      waiting.get('pods')?.();
      await clock.advance(0);
    },
    hasEnded: () => ended,
    async end() {
      halt.abort();
      return watching;
    },
  };
}

test('what is refused fails the release as it would a Deployment, 10 s after it was read', async () => {
  const { tell, clock, hasEnded, end, asked, uid } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(11_900);
  expect(hasEnded()).toBe(false);
  await clock.advance(200);
  expect(hasEnded()).toBe(true);
  expect(await end()).toMatchObject({
    status: { state: 'failed' },
    cause: {
      code: 'admission-denied',
      message: 'no pod is admitted: violates PodSecurity "baseline:latest": privileged',
    },
    last: { carrier: { status: { conditions: [{ type: 'ReplicaFailure', message: DENIED }] } } },
  });
  // After 2 s, 6 s, and to be certain.
  expect(asked).toEqual([[uid], [uid], [uid]]);
});

test('a quota is given 15 s, since the place of a pod is free before it is made anew', async () => {
  const { tell, clock, hasEnded, end } = await watch();
  tell(attempt(1, 'pods "db-2" is forbidden: exceeded quota: pods'));
  await clock.advance(16_900);
  expect(hasEnded()).toBe(false);
  await clock.advance(200);
  expect(await end()).toMatchObject({ status: { state: 'failed' }, cause: { code: 'quota-exceeded' } });
});

test('what passes by itself is warned of, and explains the timeout', async () => {
  const { tell, clock, end, log, asked } = await watch();
  tell(attempt(1, 'Internal error occurred: failed calling webhook "a": connection refused'));
  await clock.advance(119_000);
  expect(log.warnings).toEqual([
    expect.stringMatching(/^statefulset shop\/db: no pod is made: .*failed calling webhook/),
  ]);
  expect(asked.length).toBeLessThan(11);
  await clock.advance(1_100);
  expect(await end()).toMatchObject({ status: { state: 'timed-out' }, cause: { code: 'pods-not-created' } });
});

test('a refusal from before the write is no verdict on the release', async () => {
  const { tell, clock, end } = await watch();
  tell(attempt(-1, DENIED));
  await clock.advance(121_000);
  expect(await end()).toMatchObject({ status: { state: 'timed-out' }, cause: undefined });
});

test('a refusal that ended is over, also when a pod lacks again', async () => {
  const { tell, clock, have, hasEnded, end, asked } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(8_000);
  await have(3);
  const before = asked.length;
  await clock.advance(30_000);
  expect([hasEnded(), asked.length]).toEqual([false, before]);
  tell(attempt(1, DENIED), attempt(9));
  await have(2);
  await clock.advance(30_000);
  expect(hasEnded()).toBe(false);
  expect((await end()).status.state).toBe('halted');
});

test.each([
  ['as the watch of pods tells', true],
  ['as only the reading before the verdict tells', false],
])('a pod that is there was made, although its event was dropped, %s', async (_, isFollowed) => {
  const { tell, make, clock, hasEnded, end, log } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(3_000);
  await make(2, isFollowed);
  await clock.advance(28_900);
  expect([hasEnded(), log.warnings]).toEqual([false, []]);
  const { status, last } = await end();
  expect([status.state, last.carrier?.status?.conditions === undefined]).toEqual(['halted', isFollowed]);
});

test('what was refused before does not show on the next pod, before events are read again', async () => {
  const { tell, clock, have, end } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(3_000);
  await have(3);
  await have(2);
  await clock.advance(1_900);
  expect((await end()).last.carrier?.status).not.toHaveProperty('conditions');
});

test('a refusal that cannot be read once more just before the verdict does not count', async () => {
  const { tell, clock, hasEnded, end } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(11_900);
  tell(attempt(1, DENIED), attempt(13));
  await clock.advance(20_000);
  expect(hasEnded()).toBe(false);
  expect((await end()).status.state).toBe('halted');
});

test('without the right to list events it is told once, and the time decides', async () => {
  const { refuse, clock, end, log, asked } = await watch();
  refuse(new ClusterError('forbidden', 'events in shop: forbidden to list; add to its Role: x'));
  await clock.advance(121_000);
  expect(await end()).toMatchObject({ status: { state: 'timed-out' }, cause: undefined });
  expect(log.warnings.filter((line) => line.includes('events'))).toEqual([
    'events in shop: forbidden to list; add to its Role: x; going on without knowing why pods are not made',
  ]);
  expect(asked).toHaveLength(1);
});

test('what cannot be read just before the verdict does not count, so that the time decides', async () => {
  const { tell, refuse, clock, hasEnded, end } = await watch();
  tell(attempt(1, DENIED));
  await clock.advance(11_900);
  refuse(new ClusterError('unreachable', 'events in shop: 500'));
  await clock.advance(107_000);
  expect(hasEnded()).toBe(false);
  await clock.advance(1_200);
  expect(await end()).toMatchObject({ status: { state: 'timed-out' }, cause: undefined });
});

test('what goes wrong over an event that was read ends the watch, and is told', async () => {
  const { tell, clock, hasEnded, end } = await watch();
  tell(undefined as never);
  await clock.advance(2_100);
  expect(hasEnded()).toBe(true);
  await expect(end()).rejects.toThrow(TypeError);
});

test('an API that is away for a moment is asked again', async () => {
  const { refuse, tell, clock, end } = await watch();
  refuse(new ClusterError('unreachable', 'gone'));
  await clock.advance(3_000);
  tell(attempt(1, DENIED));
  await clock.advance(14_000);
  expect(await end()).toMatchObject({ status: { state: 'failed' }, cause: { code: 'admission-denied' } });
});
