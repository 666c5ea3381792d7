import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../src/rollout/objects.ts';
import { type UpdateLimits, unmetLimits } from '../../src/rollout/update-limits.ts';
import { readFixture } from '../fixtures/load.ts';

function rolling(
  maxSurge: number | string,
  maxUnavailable: number | string,
  more: Partial<Deployment['spec']> = {},
): Deployment {
  const { deployment } = readFixture('healthy');
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
  return { ...deployment, spec: { ...deployment.spec, replicas: 4, strategy, ...more } };
}

function recreating(): Deployment {
  const { deployment } = readFixture('healthy');
  return { ...deployment, spec: { ...deployment.spec, strategy: { type: 'Recreate' } } };
}

const met: readonly (readonly [string, Deployment, UpdateLimits])[] = [
  ['nothing asked', rolling('25%', '25%'), {}],
  ['two at a time, new ones first', rolling(2, 0), { parallelism: 2, order: 'start-first' }],
  ['one at a time, old ones first', rolling(0, 1), { parallelism: 1, order: 'stop-first' }],
  ['all at once', rolling(0, '100%'), { parallelism: 0, order: 'stop-first' }],
  ['all at once by Recreate', recreating(), { parallelism: 0, order: 'stop-first' }],
  ['a delay', rolling(1, 0, { minReadySeconds: 10 }), { delayMs: 10_000 }],
  ['no delay', rolling(1, 0), { delayMs: 0 }],
];

const unmet: readonly (readonly [Deployment, UpdateLimits, readonly string[]])[] = [
  [
    rolling(1, 0),
    { parallelism: 2 },
    ["update-config parallelism: 2 is not applied: the Deployment's own maxSurge 1, maxUnavailable 0 decides"],
  ],
  [
    rolling(1, 0),
    { order: 'stop-first' },
    ["update-config order: stop-first is not applied: the Deployment's own maxSurge 1, maxUnavailable 0 decides"],
  ],
  [
    rolling('25%', '25%'),
    { order: 'start-first' },
    ["update-config order: start-first is not applied: the Deployment's own maxSurge 25%, maxUnavailable 25% decides"],
  ],
  [
    recreating(),
    { order: 'start-first' },
    ["update-config order: start-first is not applied: the Deployment's own strategy Recreate decides"],
  ],
  [
    rolling(1, 0),
    { delayMs: 1_500 },
    ["update-config delay: 1.5s is not applied: the Deployment's own minReadySeconds 0 decides"],
  ],
];

describe('what Compose’s keys ask for', () => {
  test.each(met)('%s: the Deployment does it anyway', (_, deployment, asked) => {
    expect(unmetLimits(deployment, asked)).toEqual([]);
  });

  test.each(unmet)('is said where the Deployment does otherwise (%#)', (deployment, asked, said) => {
    expect(unmetLimits(deployment, asked)).toEqual(said);
  });
});
