import { describe, expect, test } from '@jest/globals';
import { type Assessment, assess } from '../../src/operations/assess-rollout.ts';
import type { Observation } from '../../src/operations/observe.ts';
import { type Awaited, nothingAssessed } from '../../src/operations/rollout-progress.ts';
import { findLive } from '../../src/rollout/history.ts';
import type { Condition, Deployment, Pod } from '../../src/rollout/objects.ts';
import { isReady } from '../../src/rollout/pods.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { readFixture } from '../fixtures/load.ts';
import { POLICY, refOf } from './shop.ts';

const BEGIN = Date.parse('2026-11-21T12:00:00Z');

/** Looks at moments of a rollout, so many seconds after its beginning; the last assessment. */
function looks(
  moments: readonly (readonly [number, Observation])[],
  policy: Policy = POLICY,
  timeoutMs = 600_000,
): Assessment {
  const [, first] = moments[0] ?? [];
  if (!first?.deployment) throw new Error('nothing to look at');
  const { deployment } = first;
  const awaited: Awaited = {
    ref: refOf('web'),
    deployment,
    replicaSets: { items: [], resourceVersion: '' },
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: undefined,
    timeoutMs,
    policy,
  };
  let progress = nothingAssessed(awaited, BEGIN);
  let last: Assessment | undefined;
  for (const [seconds, observation] of moments) {
    last = assess(progress, observation, awaited, BEGIN + seconds * 1000);
    progress = last.progress;
  }
  if (!last) throw new Error('no moment');
  return last;
}

function observed(name: string): Observation {
  const { deployment, replicaSets, pods } = readFixture(name);
  return { deployment, replicaSets, carrier: findLive(deployment.spec.template, replicaSets), pods };
}

function changed(observation: Observation, change: (deployment: Deployment) => Deployment): Observation {
  const { deployment } = observation;
  return deployment ? { ...observation, deployment: change(deployment) } : observation;
}

/** A moment that lasts: the controllers have counted every pod that is ready. */
function counted({ carrier, pods = [], ...seen }: Observation): Observation {
  const readyReplicas = pods.filter(isReady).length;
  return { ...seen, pods, carrier: carrier && { ...carrier, status: { ...carrier.status, readyReplicas } } };
}

function crashed(pod: Pod): Pod {
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((status) => ({
    ...status,
    restartCount: 2,
    lastState: { terminated: { exitCode: 1, reason: 'Error' } },
  }));
  return { ...pod, status: { ...pod.status, containerStatuses } };
}

const healthy = observed('healthy');
const under = counted(
  changed(observed('mid-rollout'), (deployment) => ({
    ...deployment,
    spec: { ...deployment.spec, progressDeadlineSeconds: 600 },
  })),
);
const window: Policy = { ...POLICY, monitorMs: 15_000 };

describe('a complete rollout', () => {
  test('ends at once without a window', () => {
    expect(looks([[1, healthy]]).end?.status).toMatchObject({ state: 'done', verified: true });
  });

  test('is watched for the window, and not a moment longer', () => {
    const waiting = looks([[1, healthy]], window);
    expect(waiting.end).toBeUndefined();
    expect(waiting.wakeAt).toBe(BEGIN + 16_000);
    expect(waiting.message).toContain('watching them for 15 s');
    expect(
      looks(
        [
          [1, healthy],
          [15.9, healthy],
        ],
        window,
      ).end,
    ).toBeUndefined();
    expect(
      looks(
        [
          [1, healthy],
          [16, healthy],
        ],
        window,
      ).end?.status,
    ).toMatchObject({ state: 'done' });
  });

  test('may outlast the time-out in its window', () => {
    expect(
      looks(
        [
          [9, healthy],
          [12, healthy],
        ],
        window,
        10_000,
      ).end,
    ).toBeUndefined();
    expect(
      looks(
        [
          [9, healthy],
          [24, healthy],
        ],
        window,
        10_000,
      ).end?.status,
    ).toMatchObject({ state: 'done' });
  });

  test('fails when one of its pods crashes twice in the window', () => {
    const pods = healthy.pods?.map((pod, index) => (index < 1 ? crashed(pod) : pod));
    const end = looks(
      [
        [1, healthy],
        [11, { ...healthy, pods }],
      ],
      window,
    ).end;
    expect(end).toMatchObject({ status: { state: 'failed' }, cause: { code: 'container-crashed' } });
  });

  test('waits shortly for pods that its ReplicaSet counts and the watch has not told of', () => {
    const unseen = { ...healthy, pods: undefined };
    expect(looks([[1, unseen]]).end).toBeUndefined();
    expect(
      looks([
        [1, unseen],
        [1.5, unseen],
      ]).end?.status,
    ).toMatchObject({ state: 'done' });
  });
});

/** Twice as many wanted, and made; so many of them are available. */
function doubled({ deployment, carrier, ...rest }: Observation, pods: readonly Pod[], available: number): Observation {
  if (!deployment || !carrier) throw new Error('nothing to scale');
  const replicas = (deployment.spec.replicas ?? 1) * 2;
  const counts = { replicas, updatedReplicas: replicas, readyReplicas: available, availableReplicas: available };
  return {
    ...rest,
    pods,
    deployment: {
      ...deployment,
      spec: { ...deployment.spec, replicas },
      status: { ...deployment.status, ...counts },
    },
    carrier: { ...carrier, spec: { ...carrier.spec, replicas }, status: { ...carrier.status, ...counts } },
  };
}

test('a pod that dies in the window begins it anew, though somebody scaled it up meanwhile', () => {
  const [first, ...others] = healthy.pods ?? [];
  if (!first) throw new Error('no pods');
  const added = [first, ...others].map((pod, index) => ({
    ...pod,
    metadata: { ...pod.metadata, name: `more-${index}`, uid: `more-${index}` },
  }));
  const up = doubled(healthy, [first, ...others, ...added], 2 * added.length);
  const died = doubled(healthy, [down(first), ...others, ...added], 2 * added.length - 1);
  const moments = [
    [1, healthy],
    [5, up],
    [14, died],
    [16.1, died],
    [19.9, died],
  ] as const;
  const { end, wakeAt } = looks(moments, window);
  expect({ end, wakeAt }).toEqual({ end: undefined, wakeAt: BEGIN + 20_000 });
  expect(looks([...moments, [20, died]], window).end?.status).toMatchObject({ state: 'done', verified: true });
});

function down(pod: Pod): Pod {
  const state = { terminated: { exitCode: 1, reason: 'Error' } };
  const containerStatuses = pod.status?.containerStatuses?.map((each) => ({ ...each, ready: false, state })) ?? [];
  const conditions = [{ type: 'Ready', status: 'False' as const }];
  return { ...pod, status: { ...pod.status, conditions, containerStatuses } };
}

test('one that breaks again and again, with no pods to see, is out of time in the end', () => {
  const broken = {
    ...changed(healthy, ({ status, ...deployment }) => ({
      ...deployment,
      status: { ...status, availableReplicas: 0 },
    })),
    ...(healthy.carrier && { carrier: { ...healthy.carrier, status: { availableReplicas: 0 } } }),
    pods: undefined,
  };
  const whole = { ...healthy, pods: undefined };
  const flapping = Array.from({ length: 40 }, (_, index) => [1 + index * 2, index % 2 ? broken : whole] as const);
  expect(looks(flapping.slice(0, 30), window, 30_000).end).toBeUndefined();
  expect(looks(flapping, window, 30_000).end?.status).toMatchObject({ state: 'timed-out' });
});

describe('a rollout that does not get on', () => {
  test('is out of time, with what is known', () => {
    expect(looks([[1, under]], POLICY, 30_000).wakeAt).toBeLessThanOrEqual(BEGIN + 30_000);
    expect(
      looks(
        [
          [1, under],
          [29.9, under],
        ],
        POLICY,
        30_000,
      ).end,
    ).toBeUndefined();
    const { end } = looks(
      [
        [1, under],
        [30, under],
      ],
      POLICY,
      30_000,
    );
    expect(end?.status).toMatchObject({
      state: 'timed-out',
      message: expect.stringContaining('not complete after 30 s'),
    });
  });

  test('stalls by its own progress deadline where the controller forgets it', () => {
    const deadline = (seconds: number) =>
      changed(under, (deployment) => ({
        ...deployment,
        spec: { ...deployment.spec, progressDeadlineSeconds: seconds },
      }));
    expect(
      looks([
        [1, deadline(20)],
        [25.9, deadline(20)],
      ]).end,
    ).toBeUndefined();
    const { end } = looks([
      [1, deadline(20)],
      [26, deadline(20)],
    ]);
    expect(end?.status).toMatchObject({ state: 'stalled', message: expect.stringContaining('no progress for 25 s') });
    expect(
      looks([
        [1, deadline(2_147_483_647)],
        [500, deadline(2_147_483_647)],
      ]).end,
    ).toBeUndefined();
  });

  test('paused by somebody, only the time-out counts, and says nothing about the release', () => {
    const paused = changed(under, (deployment) => ({
      ...deployment,
      spec: { ...deployment.spec, paused: true, progressDeadlineSeconds: 20 },
    }));
    expect(
      looks([
        [1, paused],
        [500, paused],
      ]).end,
    ).toBeUndefined();
    expect(
      looks([
        [1, paused],
        [600, paused],
      ]).end?.status,
    ).toMatchObject({ state: 'undecided' });
  });

  test('resumed, the progress deadline begins anew, as the controller has it', () => {
    const deadline = changed(under, (deployment) => ({
      ...deployment,
      spec: { ...deployment.spec, progressDeadlineSeconds: 20 },
    }));
    const paused = changed(deadline, (deployment) => ({
      ...deployment,
      spec: { ...deployment.spec, paused: true },
    }));
    const moments = [
      [1, deadline],
      [5, paused],
      [100, deadline],
      [124.9, deadline],
    ] as const;
    expect(looks(moments).end).toBeUndefined();
    expect(looks([...moments, [125, deadline]]).end?.status).toMatchObject({ state: 'stalled' });
  });
});

describe('one that lacks a pod only', () => {
  /** As the node lifecycle controller leaves it where the node is dead, or as its kubelet does. */
  function lacking(reason?: string): Observation {
    const [first, ...others] = healthy.pods ?? [];
    if (!first || !healthy.deployment || !healthy.carrier) throw new Error('nothing to begin with');
    const { deployment, carrier } = healthy;
    const conditions = [{ type: 'Ready', status: 'False' as const, ...(reason && { reason }) }];
    const lost = { ...first, spec: { ...first.spec, nodeName: 'lost' }, status: { ...first.status, conditions } };
    const counts = { readyReplicas: others.length, availableReplicas: others.length };
    return {
      ...healthy,
      pods: [lost, ...others],
      deployment: {
        ...deployment,
        spec: { ...deployment.spec, progressDeadlineSeconds: 20 },
        status: { ...deployment.status, ...counts },
      },
      carrier: { ...carrier, status: { ...carrier.status, ...counts } },
    };
  }
  const end = (seen: Observation, seconds: number) =>
    looks(
      [
        [1, seen],
        [seconds, seen],
      ],
      POLICY,
      60_000,
    ).end;

  test('because of its node: it waits for the pod to be made anew elsewhere, and nothing is held against it', () => {
    expect(end(lacking(), 59.9)).toBeUndefined();
    expect(end(lacking(), 60)).toMatchObject({
      status: { state: 'undecided', message: expect.stringContaining('node lost does not answer') },
      cause: undefined,
    });
  });

  test('by itself: it stalls', () => {
    expect(end(lacking('ContainersNotReady'), 26)?.status).toMatchObject({ state: 'stalled' });
  });
});

describe('one whose ready pods nobody counts, since the controllers are away or just back', () => {
  function uncounted(condition?: Condition, pods = healthy.pods): Observation {
    const { deployment, carrier } = healthy;
    if (!deployment || !carrier) throw new Error('nothing to begin with');
    const none = { readyReplicas: 0, availableReplicas: 0 };
    const status = { ...deployment.status, ...none, ...(condition && { conditions: [condition] }) };
    return {
      ...{ ...healthy, pods, carrier: { ...carrier, status: { ...carrier.status, ...none } } },
      deployment: { ...deployment, spec: { ...deployment.spec, progressDeadlineSeconds: 20 }, status },
    };
  }
  const exceeded: Condition = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };

  test.each([
    ['no word of the controller', undefined],
    ['its word on the progress deadline', exceeded],
  ])('waits for them, and holds nothing against the release: %s', (_, condition) => {
    const seen = uncounted(condition);
    const until = (seconds: number, last = seen) =>
      looks(
        [
          [1, uncounted()],
          [seconds, last],
        ],
        POLICY,
        60_000,
      ).end;
    expect(until(59.9)).toBeUndefined();
    expect(until(60)?.status).toMatchObject({
      state: 'undecided',
      message: expect.stringContaining('by counts that the pods contradict'),
    });
    expect(until(30, healthy)?.status).toMatchObject({ state: 'done' });
  });

  test('readiness that comes and goes is counted a moment later: it is out of time', () => {
    const flapping = (healthy.pods ?? []).map((pod) => ({ ...pod, status: { ...pod.status, conditions: [] } }));
    const moments = [
      [1, uncounted(undefined, flapping)],
      [57, uncounted()],
      [60, uncounted()],
    ] as const;
    expect(looks(moments, POLICY, 60_000).end?.status).toMatchObject({ state: 'timed-out' });
  });

  test('pods that leave are no such pods: it stalls', () => {
    const leaving = (healthy.pods ?? []).map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: '2026-11-21T12:00:10Z' },
    }));
    const seen = uncounted(exceeded, leaving);
    expect(
      looks(
        [
          [1, uncounted()],
          [30, seen],
        ],
        POLICY,
        60_000,
      ).end?.status,
    ).toMatchObject({ state: 'stalled' });
  });
});

test('deleted is no verdict on the release', () => {
  const gone = { ...healthy, deployment: undefined };
  expect(
    looks([
      [1, under],
      [2, gone],
    ]).end,
  ).toMatchObject({ status: { state: 'deleted' }, cause: undefined });
});
