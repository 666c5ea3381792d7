import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { EndStatus } from '../../src/operations/assess-rollout.ts';
import { watchRollout } from '../../src/operations/watch-rollout.ts';
import type { Cluster } from '../../src/ports.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { type CapturedSet, readSet } from '../fixtures/load.ts';
import { POLICY } from './shop.ts';
import { stillCluster } from './still-cluster.ts';

const ref = { kind: 'daemonset', namespace: 'shop', name: 'agent' } as const;

/** A DaemonSet on three nodes: the release is ready on one, and the pod of the one before it should have left `node-7`. */
function held(change: (pod: Pod) => Pod = (same) => same): CapturedSet {
  const { workload, revisions, pods } = readSet('daemon-set-healthy');
  const [ours] = pods;
  const [theirs] = readSet('daemon-set-mid-rollout').pods;
  if (!ours || !theirs) throw new Error('no pods');
  const on = (pod: Pod, nodeName: string, uid: string) => ({
    ...pod,
    metadata: {
      ...pod.metadata,
      uid,
      ownerReferences: [{ kind: 'DaemonSet', name: 'agent', uid: workload.metadata.uid }],
    },
    spec: { ...pod.spec, nodeName },
  });
  const { deletionTimestamp: _, ...staying } = theirs.metadata;
  return {
    workload: {
      ...workload,
      spec: { ...workload.spec, replicas: 3 },
      status: { ...workload.status, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 },
    },
    revisions,
    pods: [
      change(on(ours, 'node-1', 'a')),
      on({ ...theirs, metadata: staying }, 'node-2', 'b'),
      on(theirs, 'node-7', 'c'),
    ],
  };
}

const unready = ({ status, ...pod }: Pod): Pod => ({
  ...pod,
  status: { ...status, conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }] },
});

/** How the watch stands so many seconds after it began, which is an hour after the pod should have left. */
async function after(seconds: number, captured: CapturedSet, isSeen = true): Promise<EndStatus | undefined> {
  const { workload, revisions } = captured;
  const still = stillCluster(captured).cluster;
  const follow: Cluster['follow'] = (following, signal, known) =>
    isSeen || following.resource !== 'pods' ? still.follow(following, signal, known) : nothing(signal);
  const cluster = { ...still, follow };
  const leavingAt = Math.max(...captured.pods.map(({ metadata }) => Date.parse(metadata.deletionTimestamp ?? '') || 0));
  const [clock, log, halt] = [createFakeClock(leavingAt + 3_600_000), createLogBook(), new AbortController()];
  let status: EndStatus | undefined;
  const watching = watchRollout(
    { cluster, clock, log },
    {
      ...{ ref, deployment: workload, template: workload.spec.template },
      replicaSets: { items: revisions, resourceVersion: '1' },
      generation: workload.metadata.generation ?? 0,
      progressingBefore: undefined,
      timeoutMs: 60_000,
      policy: POLICY,
    },
    { halt: halt.signal, completed: () => undefined },
  ).then((end) => {
    status = end.status;
  });
  for (let count = 0; count < 20; count += 1) await turn();
  await clock.advance(seconds * 1000);
  const stands = status;
  halt.abort();
  await watching;
  return stands;
}

async function* nothing(signal: AbortSignal): AsyncGenerator<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

test('a node that holds all up says nothing about the release, once the time is over', async () => {
  expect(await after(59, held())).toBeUndefined();
  expect(await after(61, held())).toMatchObject({
    state: 'undecided',
    message: expect.stringMatching(
      /^not complete after 60 s: .*; node node-7 does not let go of pod agent-5hbhz, which should have left it 36\d\d s ago; once it is back, /,
    ),
  });
});

test('that the release has no pod yet, of which a watch would tell, is no reason not to look', async () => {
  const { pods, workload, ...captured } = held();
  const [, old, leaving] = pods;
  if (!old || !leaving) throw new Error('no pods');
  const status = { ...workload.status, updatedReplicas: 0 };
  const stuck = {
    ...captured,
    workload: { ...workload, status },
    pods: [{ ...old, metadata: { ...old.metadata, name: 'agent-old' } }, old, leaving],
  };
  expect(await after(61, stuck, false)).toMatchObject({ state: 'undecided' });
});

test('it excuses no pod of the release that is not ready', async () => {
  expect(await after(61, held(unready))).toMatchObject({ state: 'timed-out' });
});
