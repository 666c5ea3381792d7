import { afterEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { isSameJson } from '../../../sandbox/cluster/model/json-equality.ts';
import type { DaemonSet, StatefulSet } from '../../../sandbox/cluster/model/set-objects.ts';
import { captured, comparable, podsIn, setIn } from './captured-sets.ts';
import { eventually, imageOf } from './cluster-fixture.ts';

let cluster: EmbeddedCluster;
afterEach(() => cluster.stop());

interface Step {
  readonly release: string;
  /** What the image does, as the end of its tag. */
  readonly fault?: string;
  /** What else of the spec is changed before. */
  readonly before?: object;
  /** The capture that the cluster then comes to look like; without it the pods are as the step before the next needs them. */
  readonly like?: string;
}

/** Courses that were taken on a real cluster, each from release 1.0 that runs. */
const courses: readonly { readonly course: string; readonly kind: string; readonly steps: readonly Step[] }[] = [
  {
    course: 'updated, undone, broken and trapped',
    kind: 'stateful-set',
    steps: [
      { release: '1.1', like: 'mid-rollout' },
      { release: '1.1', like: 'healthy' },
      { release: '1.0', like: 'undone' },
      { release: '1.2', fault: '-crash', like: 'crash' },
      { release: '1.0', like: 'trapped' },
    ],
  },
  {
    course: 'trapped by a pod that never gets ready',
    kind: 'stateful-set',
    steps: [
      { release: '1.2', fault: '-unready' },
      { release: '1.0', like: 'trapped-unready' },
    ],
  },
  {
    course: 'waiting for deletions',
    kind: 'stateful-set',
    steps: [{ release: '1.1', like: 'on-delete' }],
  },
  {
    course: 'Parallel, freed by its rollback, then updated from a partition',
    kind: 'stateful-set',
    steps: [
      { release: '1.2', fault: '-crash' },
      { release: '1.0' },
      { release: '1.3', before: { updateStrategy: { rollingUpdate: { partition: 1 } } }, like: 'partition' },
    ],
  },
  {
    course: 'updated, undone and broken',
    kind: 'daemon-set',
    steps: [
      { release: '1.1', like: 'mid-rollout' },
      { release: '1.1', like: 'healthy' },
      { release: '1.0', like: 'undone' },
      { release: '1.2', fault: '-crash', like: 'crash' },
    ],
  },
];

type Set = StatefulSet | DaemonSet;
const resourceOf = ({ kind }: Set) => (kind === 'StatefulSet' ? 'statefulSets' : 'daemonSets');
const present = (set: Set) =>
  ([resourceOf(set), 'controllerRevisions', 'pods'] as const).flatMap((each) => cluster.objects.list(each, 'shop'));

/** The set as it was captured, but with the release of a step. */
const manifestOf = ({ apiVersion, kind, metadata, spec }: Set, { release, fault = '' }: Step) => {
  const [container] = spec.template.spec.containers;
  const template = {
    metadata: { ...spec.template.metadata, annotations: { 'rollkey.dev/release': release } },
    spec: { ...spec.template.spec, containers: [{ ...container, image: imageOf(`${release}${fault}`) }] },
  };
  const { name, labels } = metadata;
  const annotations = { 'kubernetes.io/change-cause': release };
  return { apiVersion, kind, metadata: { name, namespace: 'shop', labels, annotations }, spec: { ...spec, template } };
};

/** Whether the controller has seen the release, every pod runs it, or the one bad pod does that is in the way. */
const hasTaken = (set: Set, { release, fault = '' }: Step): boolean => {
  const { metadata, status } = setIn(present(set));
  const isTaken = podsIn(present(set)).map(
    ({ spec, status: { conditions = [] } }) =>
      spec.containers[0]?.image === imageOf(`${release}${fault}`) &&
      conditions.some((each) => each.type === 'Ready' && each.status === (fault === '' ? 'True' : 'False')),
  );
  const enough = fault === '' ? isTaken.every((taken) => taken) : isTaken.includes(true);
  return status.observedGeneration === metadata.generation && isTaken.length > 0 && enough;
};

const take = async (set: Set, step: Step): Promise<void> => {
  const { name } = set.metadata;
  if (step.before !== undefined) cluster.objects.patch(resourceOf(set), 'shop', name, { spec: step.before });
  const { metadata, spec } = manifestOf(set, step);
  const { annotations } = metadata;
  cluster.objects.patch(resourceOf(set), 'shop', name, {
    metadata: { annotations },
    spec: { template: spec.template },
  });
  if (step.like === undefined) await eventually(() => hasTaken(set, step) || undefined);
};

describe('looks at every turn as a real cluster did: a', () => {
  test.each(courses)('$kind, $course', async ({ kind, steps }) => {
    // Slow enough that what lies between two turns is seen.
    cluster = await startCluster({ namespaces: ['shop'], timings: { startMs: 60, stopMs: 60 } });
    const last = captured(`${kind}-${steps.at(-1)?.like}`);
    const set = setIn(last);
    const first = manifestOf(set, { release: '1.0' });
    const { updateStrategy } = set.spec;
    const rolling = updateStrategy.type === 'RollingUpdate' && kind === 'stateful-set';
    const strategy = rolling ? { rollingUpdate: { partition: 0 } } : updateStrategy;
    cluster.objects.apply({ ...first, spec: { ...first.spec, updateStrategy: strategy } });
    const size = kind === 'stateful-set' ? 3 : 1;
    await eventually(() => (podsIn(present(set)).length === size && hasTaken(set, { release: '1.0' })) || undefined);
    for (const step of steps) {
      await take(set, step);
      if (step.like === undefined) continue;
      const wanted = comparable(captured(`${kind}-${step.like}`));
      const reached = () => isSameJson(comparable(present(set)), wanted) || undefined;
      await eventually(reached, 5_000).catch(() => expect(comparable(present(set))).toEqual(wanted));
    }
  });
});
