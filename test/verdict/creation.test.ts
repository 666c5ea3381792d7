import { describe, expect, test } from '@jest/globals';
import { explain, judge, nothingSeen } from '../../src/verdict/judge.ts';
import { failedAt, judgeAll, type MomentOf, policyOf, ready, seenAt } from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

const QUOTA = 'pods "web-1-x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3';
const DENIED = 'pods "web-1-x" is forbidden: violates PodSecurity "baseline:latest": privileged';

/** A release of which no pod can be made, at each of the seconds. */
function refused(message: string, ...seconds: readonly number[]): readonly MomentOf[] {
  return seconds.map((at) => ({ at, refused: message, made: 0 }));
}

test.each<readonly [string, string, number | undefined, number | undefined]>([
  [QUOTA, 'quota-exceeded', 15, 3],
  [DENIED, 'admission-denied', 10, 2],
  ['admission webhook "policy.example" denied the request: timeout must be set', 'admission-denied', 10, 2],
  [
    "pods \"web-1-x\" is forbidden: ValidatingAdmissionPolicy 'a' with binding 'a' denied request: no",
    'admission-denied',
    10,
    2,
  ],
  [
    'pods "web-timeout-x" is forbidden: error looking up service account shop/app: serviceaccount "app" not found',
    'admission-denied',
    10,
    2,
  ],
  ['Pod "web-1-x" is invalid: spec.containers[0].image: Required value', 'admission-denied', 10, 2],
  [
    'Internal error occurred: failed calling webhook "policy.example": context deadline exceeded',
    'pods-not-created',
    undefined,
    undefined,
  ],
  [
    'Internal error occurred: failed calling webhook "a": dial tcp: connect: connection refused',
    'pods-not-created',
    undefined,
    undefined,
  ],
  ['etcdserver: request timed out', 'pods-not-created', undefined, undefined],
  [
    'failed to create PVC data-db-2: persistentvolumeclaims "data-db-2" is forbidden: exceeded quota: disks',
    'quota-exceeded',
    15,
    3,
  ],
  ['failed to create PVC data-db-2: pvc data-db-2 is being deleted', 'pods-not-created', undefined, undefined],
  [
    'pods "web-1-x" is forbidden: status unknown for quota: pods, resources: pods',
    'pods-not-created',
    undefined,
    undefined,
  ],
  [
    'Operation cannot be fulfilled on resourcequotas "pods": the object has been modified',
    'pods-not-created',
    undefined,
    undefined,
  ],
])('%s: %s', (message, code, whenBalanced, whenStrict) => {
  for (const [policy, grace] of [[balanced, whenBalanced] as const, [strict, whenStrict] as const]) {
    const end = grace ?? 600;
    const [first, before, due] = judgeAll(policy, refused(message, 1, 1 + end - 0.001, 1 + end));
    expect(before?.cause).toBeUndefined();
    expect(due?.cause?.code).toBe(grace && code);
    expect(first?.wakeAt).toBe((1 + (grace ?? 15)) * 1000);
  }
  expect(explain(nothingSeen, seenAt({ at: 0, refused: message, made: 0 }))?.code).toBe(code);
});

test('pods that were denied fail the release whatever the ratio', () => {
  expect(failedAt(policyOf('balanced', 0.9), refused(DENIED, 0, 10))).toBe(10);
});

test('a creation that is tried in vain without a decision is warned of', () => {
  const [, late] = judgeAll(balanced, refused('etcdserver: request timed out', 0, 15));
  expect(late?.warnings).toEqual(['no pod is made: etcdserver: request timed out']);
});

describe('a grace for what is not made', () => {
  const two = (at: number, made: number, message?: string): MomentOf => ({
    at,
    replicas: 2,
    made,
    ...(message && { refused: message }),
  });
  test.each<readonly [string, readonly MomentOf[], number | undefined]>([
    [
      'begins anew with each pod that is made',
      [two(0, 0, QUOTA), two(14, 1, QUOTA), two(15, 1, QUOTA), two(28, 1, QUOTA)],
      undefined,
    ],
    ['runs out all the same', [two(0, 0, QUOTA), two(14, 1, QUOTA), two(29, 1, QUOTA)], 29],
    [
      'is over when all pods are there, whatever the condition says',
      [two(0, 0, QUOTA), two(10, 2, QUOTA), two(60, 2, QUOTA)],
      undefined,
    ],
    [
      'is not stopped by a condition that comes and goes',
      [two(0, 0, QUOTA), two(6, 0), two(8, 0, QUOTA), two(15, 0, QUOTA)],
      15,
    ],
    ['does not decide while the condition is away', [two(0, 0, QUOTA), two(15, 0), two(30, 0)], undefined],
  ])('%s', (_, moments, second) => {
    expect(failedAt(balanced, moments)).toBe(second);
  });
});

describe('a quota that old pods hold', () => {
  const quota = (at: number, old: number, leaving: number | undefined): MomentOf => ({
    at,
    replicas: 3,
    made: 1,
    refused: QUOTA,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    deployment: {
      replicas: old + 1,
      updatedReplicas: 1,
      ...(leaving === undefined ? { terminatingReplicas: undefined as never } : { terminatingReplicas: leaving }),
    },
  });
  test('is waited for as long as they leave, and for as long again until the controller looks', () => {
    const moments = [quota(0, 2, 1), quota(20, 2, 1), quota(40, 2, 0), quota(94.999, 2, 0)];
    expect(failedAt(balanced, moments)).toBeUndefined();
    expect(failedAt(balanced, [...moments, quota(95, 2, 0)])).toBe(95);
  });

  test('is waited for while their number falls', () => {
    expect(failedAt(balanced, [quota(0, 3, 0), quota(10, 2, 0), quota(34.999, 2, 0)])).toBeUndefined();
    expect(failedAt(balanced, [quota(0, 3, 0), quota(10, 2, 0), quota(35, 2, 0)])).toBe(35);
  });

  test('is given twice their 30 s where the cluster does not tell who is leaving', () => {
    expect(failedAt(balanced, [quota(0, 2, undefined), quota(74.999, 2, undefined)])).toBeUndefined();
    expect(failedAt(balanced, [quota(0, 2, undefined), quota(75, 2, undefined)])).toBe(75);
  });

  test.each<readonly [string, MomentOf['strategy'], number]>([
    ['none can have left', { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, 15],
    ['a quarter of three is none', {}, 15],
    ['half of three is one', { rollingUpdate: { maxSurge: 1, maxUnavailable: '50%' } }, 75],
    ['neither more nor less is one less', { rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } }, 75],
    ['all go first', { type: 'Recreate' }, 75],
  ])('where the cluster does not tell: %s', (_, strategy, second) => {
    const deployment = { replicas: 3, updatedReplicas: 0, terminatingReplicas: undefined as never };
    const at = (seconds: number): MomentOf => ({
      at: seconds,
      replicas: 3,
      made: 0,
      refused: QUOTA,
      deployment,
      ...(strategy && { strategy }),
    });
    expect(failedAt(balanced, [at(0), at(second - 0.001)])).toBeUndefined();
    expect(failedAt(balanced, [at(0), at(second)])).toBe(second);
  });
});

test.each<readonly [string, MomentOf['updateStrategy'], number]>([
  ['a set that replaces its pods in their places waits for none to leave', { rollingUpdate: { partition: 0 } }, 15],
  ['one that surges may', { rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 } }, 75],
])('%s', (_, updateStrategy, second) => {
  const deployment = { replicas: 3, updatedReplicas: 1, terminatingReplicas: undefined as never };
  const at = (seconds: number): MomentOf => ({
    ...{ at: seconds, replicas: 3, made: 1, refused: QUOTA, deployment },
    ...(updateStrategy && { updateStrategy }),
  });
  expect(failedAt(balanced, [at(0), at(second - 0.001)])).toBeUndefined();
  expect(failedAt(balanced, [at(0), at(second)])).toBe(second);
});

describe('without a sight of pods', () => {
  const hidden = (moment: Partial<MomentOf>): MomentOf => ({ at: 0, pods: 'hidden', ...moment });
  test('what the ReplicaSet says still counts', () => {
    expect(failedAt(strict, [hidden({ refused: DENIED, made: 0 }), hidden({ at: 2, refused: DENIED, made: 0 })])).toBe(
      2,
    );
  });

  test('a stale ReplicaSet error does not, once there is a ReplicaSet', () => {
    const conditions = [
      { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message: DENIED },
    ] as const;
    const seen = seenAt({ at: 0, pods: [{ app: ready }], deployment: { conditions } });
    expect(explain(nothingSeen, seen)).toBeUndefined();
    const without = { ...seen, carrier: undefined };
    expect(judge(judge(nothingSeen, without, strict).memory, { ...without, at: 2000 }, strict).cause?.message).toBe(
      'no ReplicaSet is admitted: violates PodSecurity "baseline:latest": privileged',
    );
  });
});
