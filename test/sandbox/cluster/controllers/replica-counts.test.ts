import { describe, expect, test } from '@jest/globals';
import { maxSurge, maxUnavailable, newReplicaCount } from '../../../../sandbox/cluster/controllers/replica-counts.ts';
import type { Deployment, ReplicaSet } from '../../../../sandbox/cluster/model/workload-objects.ts';

const rolling = (replicas: number, surge: number | string, unavailable: number | string) =>
  ({
    spec: {
      replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
    },
  }) as Deployment;
const sets = (...sizes: readonly number[]) => sizes.map((replicas) => ({ spec: { replicas } }) as ReplicaSet);

describe('surge rounds up, unavailable rounds down, and both are never zero', () => {
  test.each([
    [4, '25%', '25%', 1, 1],
    [3, '25%', '25%', 1, 0],
    [1, '25%', '25%', 1, 0],
    [10, '25%', '25%', 3, 2],
    [10, '0%', '5%', 0, 1],
    [5, 2, 3, 2, 3],
    [2, 0, 9, 0, 2],
    [0, 1, 1, 1, 0],
  ])('%i replicas with %s and %s: %i and %i', (replicas, surge, unavailable, surgePods, unavailablePods) => {
    const deployment = rolling(replicas, surge, unavailable);
    expect([maxSurge(deployment), maxUnavailable(deployment)]).toEqual([surgePods, unavailablePods]);
  });
});

describe('the new ReplicaSet may have', () => {
  test.each([
    [rolling(4, 1, 0), [4], 0, 1],
    [rolling(4, 1, 0), [4, 1], 1, 1],
    [rolling(4, 1, 0), [3, 1], 1, 2],
    [rolling(4, '100%', 0), [4], 0, 4],
    [rolling(4, 5, 0), [4], 0, 4],
    [rolling(2, 1, 0), [5], 0, 0],
    [{ spec: { replicas: 3, strategy: { type: 'Recreate' } } } as Deployment, [3], 0, 3],
  ])('case %#', (deployment, sizes, current, expected) => {
    expect(newReplicaCount(deployment, sets(...sizes), current)).toBe(expected);
  });
});
