import { expect, test } from '@jest/globals';
import { assess } from '../../src/operations/assess-rollout.ts';
import type { Observation } from '../../src/operations/observe.ts';
import { type Awaited, nothingAssessed } from '../../src/operations/rollout-progress.ts';
import { findLive } from '../../src/rollout/history.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { readFixture } from '../fixtures/load.ts';
import { POLICY, refOf } from './shop.ts';

const BEGIN = Date.parse('2026-11-21T12:00:00Z');
const minutes = (count: number) => BEGIN + count * 60_000;
const timeOf = (at: number) => new Date(at).toISOString();

/** Running unready after four restarts. */
function shaken(pod: Pod, born: number): Pod {
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((each) => ({
    ...each,
    ...{ ready: false, restartCount: 4, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
  }));
  return {
    ...pod,
    metadata: { ...pod.metadata, creationTimestamp: timeOf(born) },
    status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }], containerStatuses },
  };
}

/** What the first look at such pods says. */
function stateAt(written: number, born: number, held: Pick<Awaited, 'isHeld'> = {}): string | undefined {
  const { deployment: read, replicaSets, pods } = readFixture('healthy');
  const { metadata } = read;
  const managedFields = [{ manager: 'rollkey', time: timeOf(written) }];
  const deployment = {
    ...read,
    metadata: { ...metadata, managedFields },
    status: { ...read.status, readyReplicas: 0 },
  };
  const awaited: Awaited = {
    ...{ ref: refOf('web'), deployment, timeoutMs: 600_000, policy: POLICY, ...held },
    replicaSets: { items: [], resourceVersion: '' },
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: undefined,
  };
  const carrier = findLive(deployment.spec.template, replicaSets);
  const unready: Observation = {
    ...{ deployment: { ...deployment, status: { ...deployment.status, availableReplicas: 0 } }, replicaSets },
    carrier: carrier && { ...carrier, status: { ...carrier.status, readyReplicas: 0, availableReplicas: 0 } },
    pods: pods.map((pod) => shaken(pod, born)),
  };
  return assess(nothingAssessed(awaited, BEGIN), unready, awaited, BEGIN + 1_000).end?.status.state;
}

test.each<readonly [string, number, number, Pick<Awaited, 'isHeld'>, string | undefined]>([
  ['a way back to pods that are weeks old', minutes(0), minutes(-30_000), {}, undefined],
  ['a way back to pods of this hour, by a clock that is slow', minutes(4), minutes(2), {}, undefined],
  ['nothing written, and pods that are weeks old', minutes(-30_000), minutes(-29_999), {}, undefined],
  ['nothing written again by the run after one that was cut off', minutes(-3), minutes(-2), {}, 'failed'],
  ['pods that the rollout made', minutes(0), minutes(0), {}, 'failed'],
  ['a canary that was held for long', minutes(-30_000), minutes(-30_001), { isHeld: true }, 'failed'],
])('restarts at the first look: %s', (_, written, born, held, state) => {
  expect(stateAt(written, born, held)).toBe(state);
});
