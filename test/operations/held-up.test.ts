import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { type RolloutEnd, watchRollout } from '../../src/operations/watch-rollout.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { type CapturedSet, readSet } from '../fixtures/load.ts';
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

async function watch(captured: CapturedSet, { leftFailed = false, forced = false, refusal, seconds = 0 }: Watching) {
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

/** The broken `db-2`, as the node lifecycle controller would have left it, had it been well but for a restart. */
function inLostNode({ status, ...pod }: Pod): Pod {
  if (pod.metadata.name !== 'db-2') return { ...pod, ...(status && { status }) };
  const containerStatuses = (status?.containerStatuses ?? []).map((each) => ({
    ...each,
    ready: true,
    restartCount: 1,
  }));
  return { ...pod, status: { ...status, conditions: [{ type: 'Ready', status: 'False' }], containerStatuses } };
}

describe('a StatefulSet whose controller waits for a pod of another release', () => {
  const stuck = readSet('stateful-set-trapped');
  const starting = readSet('stateful-set-trapped-unready');

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

  test.each([
    ['stuck', stuck],
    ['starting', starting],
  ])('%s, forced: the pod is deleted, once', async (_, captured) => {
    const { status, deleted, log, last } = await watch(captured, { forced: true, leftFailed: true, seconds: 1 });
    expect([status, deleted, last?.inTheWay]).toEqual([undefined, ['db-2'], undefined]);
    expect(log.infos.filter((line) => line.includes('deleting pod db-2'))).toHaveLength(1);
  });

  test.each([true, false])(
    'that was well until its node was lost: it stays (forced: %p), as the time tells',
    async (forced) => {
      const lost = { ...starting, pods: starting.pods.map(inLostNode) };
      const during = await watch(lost, { forced, leftFailed: true, seconds: 59 });
      expect([during.status, during.deleted]).toEqual([undefined, []]);
      const { status, deleted } = await watch(lost, { forced, leftFailed: true, seconds: 61 });
      expect([status?.state, deleted]).toEqual(['undecided', []]);
      expect(status?.message).toContain(' does not answer: pod db-2 was ready on it until then; once it is back, ');
    },
  );

  test('forced, without the right: it is told, and ends as if it were not', async () => {
    const refusal = new ClusterError('forbidden', 'pod shop/db-2: forbidden to delete');
    const { status, deleted, log } = await watch(stuck, { forced: true, refusal });
    expect([status?.state, deleted]).toEqual(['held-up', ['db-2']]);
    expect(log.warnings).toContainEqual(expect.stringContaining('forbidden to delete; pod db-2 stays in the way'));
  });
});

test('only pods of its own release are judged', async () => {
  const { last } = await watch(readSet('stateful-set-crash'), {});
  const names = (pods: readonly Pod[] | undefined) => pods?.map(({ metadata }) => metadata.name);
  expect(names(last?.pods)).toEqual(['db-2']);
});
