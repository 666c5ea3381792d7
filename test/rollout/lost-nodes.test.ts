import { describe, expect, test } from '@jest/globals';
import { findLive, ownRevisions } from '../../src/rollout/history.ts';
import { heldByLostNodes, type PodsInRollout } from '../../src/rollout/lost-nodes.ts';
import type { Condition, Deployment, Pod } from '../../src/rollout/objects.ts';
import { readFixture, readSet } from '../fixtures/load.ts';

const NOW = Date.parse('2026-11-21T12:10:00Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

/** A pod as a real cluster shows one that is well, on a node of its own. */
function pod(name: string, change: (pod: Pod) => Pod = (same) => same): Pod {
  const [well] = readSet('daemon-set-healthy').pods;
  if (!well) throw new Error('no pod to begin with');
  return change({ ...well, metadata: { ...well.metadata, name }, spec: { ...well.spec, nodeName: `node-${name}` } });
}

type Change = (pod: Pod) => Pod;

function withReady(condition: Partial<Condition>): Change {
  return ({ status = {}, ...rest }) => {
    const conditions = (status.conditions ?? []).map((each) =>
      each.type === 'Ready' ? { ...each, ...condition } : each,
    );
    return { ...rest, status: { ...status, conditions } };
  };
}

const isLeft = (seconds: number) => (each: Pod) => ({
  ...each,
  metadata: { ...each.metadata, deletionTimestamp: ago(seconds) },
});
const both = (one: Change, other: Change) => (each: Pod) => other(one(each));
/** As the node lifecycle controller leaves it. */
const marked = withReady({ status: 'False' });
const unready = both(withReady({ status: 'False', reason: 'ContainersNotReady' }), ({ status, ...rest }) => ({
  ...rest,
  status: {
    ...status,
    containerStatuses: (status?.containerStatuses ?? []).map((each) => ({ ...each, ready: false })),
  },
}));
const gated = withReady({ status: 'False', reason: 'ReadinessGatesNotReady' });
const untakenFor = (seconds: number) => (each: Pod) => ({
  ...each,
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(seconds) } as const],
  },
});
/** As a node leaves a pod that it has evicted, or ended as it shut down. */
const ended = (phase: 'Failed' | 'Succeeded') =>
  both(withReady({ status: 'False', reason: `Pod${phase}` }), ({ status, ...rest }) => ({
    ...rest,
    status: { ...status, phase },
  }));
const unscheduled = (each: Pod) => ({ ...each, spec: {}, status: { phase: 'Pending' } });

interface Situation {
  readonly pods?: readonly Pod[];
  readonly others?: readonly Pod[];
  readonly spec?: Partial<Deployment['spec']>;
  readonly status?: Deployment['status'];
}

/** A DaemonSet (or the other kind) as its controller counts these pods, on that many nodes. */
function situation({ pods = [], others = [], spec = {}, status = {} }: Situation, kind = 'daemon-set'): PodsInRollout {
  const { workload, revisions } = readSet(`${kind}-healthy`);
  const replicas = pods.length + others.length;
  const ready = [...pods, ...others].filter((each) =>
    each.status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  ).length;
  const counts = { replicas, readyReplicas: ready, availableReplicas: ready, updatedReplicas: pods.length };
  const deployment = {
    ...workload,
    spec: { ...workload.spec, replicas, ...spec },
    status: { ...workload.status, ...counts, ...status },
  };
  const carrier = findLive(workload.spec.template, ownRevisions(workload, revisions));
  return { deployment, carrier, pods, others };
}

const maxUnavailable = (count: number | string) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: count } },
});
const surgingBy = (count: number | string) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: count, maxUnavailable: 0 } },
});
const surging = surgingBy(1);
const PARALLEL = { podManagementPolicy: 'Parallel' };
/** A DaemonSet on three nodes that has a new pod beside the old one on a node that does not answer. */
function besideLost(
  change: Change,
  { spec = surgingBy('30%'), old = (same) => same }: Partial<Record<'old', Change>> & Pick<Situation, 'spec'> = {},
): Situation {
  const onSame: Change = (each) => ({ ...each, spec: { ...each.spec, nodeName: 'node-x' } });
  return {
    pods: [pod('x-new', both(change, onSame))],
    others: [pod('x', both(marked, old)), pod('b'), pod('c')],
    spec: { replicas: 3, ...spec },
    status: { replicas: 3, updatedReplicas: 0 },
  };
}
const tell = (told: PodsInRollout) => heldByLostNodes(told, NOW);
const ON = '; once it is back, or removed from the cluster, the rollout goes on by itself';

describe('a DaemonSet with a node that does not answer', () => {
  const leaving = pod('x', both(marked, isLeft(130)));

  test.each<readonly [string, Situation, string]>([
    [
      'the old pod there stays, and the others wait for it',
      { others: [leaving, pod('b'), pod('c')] },
      'node node-x does not answer: pod x should have left it 130 s ago',
    ],
    [
      'the old pod there stays, all others are replaced',
      { pods: [pod('a'), pod('b')], others: [leaving] },
      'node node-x does not answer: pod x should have left it 130 s ago',
    ],
    [
      'its pod is still within its grace period',
      { pods: [pod('a')], others: [pod('x', both(marked, isLeft(-20)))] },
      'node node-x does not answer: pod x is to leave it',
    ],
    [
      'its old pod was not well before, so nothing but the time tells',
      { pods: [pod('a')], others: [pod('x', both(unready, isLeft(45)))] },
      'node node-x does not let go of pod x, which should have left it 45 s ago',
    ],
    [
      'it died under the release, which is ready elsewhere',
      { pods: [pod('a'), pod('x', marked)] },
      'node node-x does not answer: pod x was ready on it until then',
    ],
    [
      'the pod there was deleted by force, and the new one is not taken',
      { pods: [pod('a'), pod('x', untakenFor(200))] },
      'node node-x does not answer: it has not taken pod x for 200 s',
    ],
    [
      'it does not count among the nodes that should run a pod, and the others wait all the same',
      { others: [leaving, pod('b'), pod('c')], spec: { replicas: 2 }, status: { replicas: 2 } },
      'node node-x does not answer: pod x should have left it 130 s ago',
    ],
    [
      'as many as may be unavailable at once do not answer',
      { others: [leaving, pod('b'), pod('c'), pod('d')], spec: maxUnavailable('25%') },
      'node node-x does not answer: pod x should have left it 130 s ago',
    ],
    [
      'a pod was evicted elsewhere, and another one has its place',
      {
        pods: [pod('a'), pod('b'), pod('old-b', ended('Succeeded'))],
        others: [leaving, pod('old-a', ended('Failed'))],
        spec: { replicas: 3 },
        status: { replicas: 3 },
      },
      'node node-x does not answer: pod x should have left it 130 s ago',
    ],
    [
      'it surges there in vain, where it tolerates every taint, and may surge nowhere else',
      besideLost(untakenFor(300)),
      'node node-x does not answer: it has not taken pod x-new for 300 s',
    ],
  ])('%s', (_, told, clause) => {
    expect(tell(situation(told))).toBe(`${clause}${ON} (kubectl describe node node-x)`);
  });

  test('several are named, by name', () => {
    const others = ['d', 'c', 'b', 'a'].map((name) => pod(name, both(marked, isLeft(60))));
    expect(tell(situation({ others: [...others, pod('e')] }))).toBe(
      'node node-a does not answer: pod a should have left it 60 s ago; ' +
        'node node-b does not answer: pod b should have left it 60 s ago; ' +
        'node node-c does not answer: pod c should have left it 60 s ago; 1 more; ' +
        'once they are back, or removed from the cluster, the rollout goes on by itself (kubectl describe node node-a)',
    );
  });

  test.each<readonly [string, Situation]>([
    ['no node is lost', { pods: [pod('a')], others: [pod('b')] }],
    ['a pod of the release is not ready on a node that answers', { pods: [pod('a', unready)], others: [leaving] }],
    ['its readiness gates are closed', { pods: [pod('a', gated)], others: [leaving] }],
    ['a pod of the release finds no node', { pods: [pod('a', unscheduled)], others: [leaving] }],
    ['a pod of the release is leaving a node that answers', { pods: [pod('a', isLeft(-5))], others: [leaving] }],
    ['an old pod is leaving a node that answers', { pods: [pod('a')], others: [leaving, pod('b', isLeft(-5))] }],
    ['an old pod was to leave only now', { pods: [pod('a')], others: [pod('b', both(unready, isLeft(10)))] }],
    ['a new pod is only being taken', { pods: [pod('a'), pod('b', untakenFor(5))] }],
    ['a pod is not made', { pods: [pod('a')], others: [leaving], spec: { replicas: 3 } }],
    [
      'a pod has ended, and none is made in its place',
      { pods: [pod('a')], others: [leaving, pod('b', ended('Succeeded'))] },
    ],
    [
      'a pod of the release has ended, and none is made in its place',
      { pods: [pod('a'), pod('b', ended('Failed'))], others: [leaving] },
    ],
    [
      'a pod is ready, but not available yet',
      { pods: [pod('a')], others: [leaving], status: { availableReplicas: 0 } },
    ],
    ['more may be unavailable, yet pods are not replaced', { others: [leaving, pod('b')], spec: maxUnavailable(2) }],
    ['pods may surge, yet are not replaced', { others: [leaving, pod('b')], spec: surging }],
    ['more may surge, yet are not replaced', besideLost(untakenFor(300), { spec: surgingBy('50%') })],
    [
      'the old pod is leaving, so that the new one there does not count',
      besideLost(untakenFor(300), { old: isLeft(9) }),
    ],
    ['the new pod beside the old one is only being taken', besideLost(untakenFor(5))],
    ['the release is ready nowhere else', { pods: [pod('x', marked)], others: [pod('b')] }],
    ['two nodes died under the release', { pods: [pod('a'), pod('x', marked), pod('y', marked)] }],
    ['its own pod there was not well before', { pods: [pod('a'), pod('x', both(unready, isLeft(130)))] }],
    ['its own pod there was not well, and stays', { pods: [pod('a'), pod('x', unready)], others: [leaving] }],
  ])('explains nothing where %s', (_, told) => {
    expect(tell(situation(told))).toBeUndefined();
  });

  test('explains nothing without a sight of the pods', () => {
    const seen = situation({ others: [leaving] });
    expect(tell({ ...seen, others: undefined })).toBeUndefined();
    expect(tell({ ...seen, pods: undefined })).toBeUndefined();
    expect(tell({ ...seen, deployment: undefined })).toBeUndefined();
  });
});

describe('a StatefulSet with a node that does not answer', () => {
  const leaving = pod('db-1', both(marked, isLeft(130)));
  const CLAUSE = 'node node-db-1 does not answer: pod db-1 should have left it 130 s ago';

  test.each<readonly [string, Situation]>([
    ['no pod is replaced before that one', { others: [pod('db-0'), leaving, pod('db-2')] }],
    ['the release is ready above it', { pods: [pod('db-2')], others: [pod('db-0'), leaving] }],
    ['in parallel', { pods: [pod('db-2')], others: [pod('db-0'), leaving], spec: PARALLEL }],
    [
      'a partition keeps the pods below it',
      {
        pods: [pod('db-2')],
        others: [pod('db-0'), leaving],
        spec: { updateStrategy: { rollingUpdate: { partition: 1 } } },
      },
    ],
  ])('%s', (_, told) => {
    expect(tell(situation(told, 'stateful-set'))).toBe(`${CLAUSE}${ON} (kubectl describe node node-db-1)`);
  });

  test.each<readonly [string, Situation]>([
    ['its pod of the release is not ready elsewhere', { pods: [pod('db-2', unready)], others: [pod('db-0'), leaving] }],
    [
      'pods do not wait for one another, and more may be unavailable',
      { pods: [pod('db-2')], others: [pod('db-0'), leaving], spec: { ...PARALLEL, ...maxUnavailable(2) } },
    ],
  ])('explains nothing where %s', (_, told) => {
    expect(tell(situation(told, 'stateful-set'))).toBeUndefined();
  });
});

test.each([
  ['daemon-set-lost-node', 'node lost-node does not answer: pod agent-dbnwk should have left it 130 s ago'],
  // Evicted: its pods were to tolerate a node that does not answer for 3 s only.
  ['stateful-set-lost-node', 'node lost-node does not answer: pod db-1 should have left it 130 s ago'],
])('%s, as a real cluster showed it', (fixture, clause) => {
  const { workload: deployment, revisions, pods: others } = readSet(fixture);
  const carrier = findLive(deployment.spec.template, ownRevisions(deployment, revisions));
  const [left = ''] = others.flatMap(({ metadata }) => metadata.deletionTimestamp ?? []);
  const told = heldByLostNodes({ deployment, carrier, pods: [], others }, Date.parse(left) + 130_000);
  expect(told).toBe(`${clause}${ON} (kubectl describe node lost-node)`);
});

describe('a Deployment with a node that does not answer', () => {
  interface Own {
    readonly pods: readonly Pod[];
    readonly wanted?: number;
    readonly spec?: Partial<Deployment['spec']>;
    readonly status?: Deployment['status'];
    readonly made?: number;
  }
  /** Three pods wanted, one at a time beside the old ones; the ReplicaSet is to have as many as there are. */
  function deploymentOf({ pods, wanted = pods.length, spec = {}, status = {}, made = wanted }: Own): PodsInRollout {
    const { deployment, replicaSets } = readFixture('mid-rollout');
    const carrier = findLive(deployment.spec.template, replicaSets);
    if (!carrier) throw new Error('no ReplicaSet');
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    const counts = { replicas: 4, readyReplicas: 3, availableReplicas: 3, updatedReplicas: wanted };
    return {
      deployment: {
        ...deployment,
        spec: { ...deployment.spec, replicas: 3, strategy, ...spec },
        status: { ...deployment.status, ...counts, ...status },
      },
      carrier: { ...carrier, spec: { ...carrier.spec, replicas: wanted }, status: { replicas: made } },
      pods,
    };
  }
  const EVICTED =
    '; once it is back, or removed from the cluster, or its pods are evicted, the rollout goes on by itself';

  test.each<readonly [string, Own, string]>([
    [
      'a pod of the release was ready on it, the others are',
      { pods: [pod('a'), pod('b'), pod('x', marked)] },
      'pod x was ready on it until then',
    ],
    [
      'it takes no pod, and there is no room for another',
      { pods: [pod('x', untakenFor(90))] },
      'it has not taken pod x for 90 s',
    ],
    [
      'with one evicted before, which has a pod in its place',
      { pods: [pod('a'), pod('b'), pod('x', marked), pod('y', both(marked, isLeft(9)))], wanted: 3 },
      'pod x was ready on it until then',
    ],
    ...(['Failed', 'Succeeded'] as const).map(
      (phase) =>
        [
          `with one that another node has ended (${phase}), which has a pod in its place`,
          { pods: [pod('a'), pod('b'), pod('x', marked), pod('y', ended(phase))], wanted: 3 },
          'pod x was ready on it until then',
        ] as const,
    ),
  ])('%s', (_, own, clause) => {
    expect(tell(deploymentOf(own))).toBe(
      `node node-x does not answer: ${clause}${EVICTED} (kubectl describe node node-x)`,
    );
  });

  test.each<readonly [string, Own]>([
    ['no node is lost', { pods: [pod('a'), pod('b'), pod('c')] }],
    ['a pod is not ready on a node that answers', { pods: [pod('a', unready), pod('b'), pod('x', marked)] }],
    ['a pod finds no node', { pods: [pod('a', unscheduled), pod('b'), pod('x', marked)] }],
    ['a pod is not made', { pods: [pod('a'), pod('x', marked)], wanted: 3, made: 2 }],
    [
      'a pod has ended, and none is made in its place',
      { pods: [pod('a'), pod('x', marked), pod('b', ended('Succeeded'))] },
    ],
    ['a pod is not seen', { pods: [pod('a'), pod('x', marked)], wanted: 3, made: 3 }],
    [
      'a pod is not available yet',
      { pods: [pod('a'), pod('b'), pod('x', marked)], status: { availableReplicas: 2, readyReplicas: 3 } },
    ],
    [
      'there is room for more pods',
      {
        pods: [pod('a'), pod('x', marked)],
        spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } } },
      },
    ],
    ['the release is ready nowhere else', { pods: [pod('x', marked)] }],
    ['two nodes died under the release', { pods: [pod('a'), pod('x', marked), pod('y', marked)] }],
    [
      'its pod was evicted, and made anew elsewhere',
      { pods: [pod('a'), pod('b'), pod('c', unready), pod('x', both(marked, isLeft(130)))], wanted: 3 },
    ],
  ])('explains nothing where %s', (_, own) => {
    expect(tell(deploymentOf(own))).toBeUndefined();
  });
});

test("what is left of a Deployment's old pods explains nothing", () => {
  const { deployment, replicaSets, pods } = readFixture('mid-rollout');
  const carrier = findLive(deployment.spec.template, replicaSets);
  const gone = pods.map(both(marked, isLeft(130)));
  expect(tell({ deployment, carrier, pods: [], others: gone })).toBeUndefined();
});
