import { describe, expect, test } from '@jest/globals';
import { fieldsOf, type RolloutFields } from '../../src/rollout/loan.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { limitFields, type UpdateLimits } from '../../src/rollout/update-limits.ts';
import { readFixture } from '../fixtures/load.ts';

function rolling(
  maxSurge: number | string,
  maxUnavailable: number | string,
  more: Partial<Deployment['spec']> = {},
): Deployment {
  const { deployment } = readFixture('healthy');
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
  // The one that was captured has a deadline of 8 s.
  const spec = { ...deployment.spec, replicas: 4, progressDeadlineSeconds: 600, strategy, ...more };
  return { ...deployment, spec };
}

function recreating(): Deployment {
  const { deployment } = readFixture('healthy');
  return { ...deployment, spec: { ...deployment.spec, strategy: { type: 'Recreate' } } };
}

const START_FIRST = 'start-first' as const;
const STOP_FIRST = 'stop-first' as const;

const mapped: readonly (readonly [string, Deployment, UpdateLimits, RolloutFields])[] = [
  ['nothing asked', rolling('25%', '25%'), {}, {}],
  [
    'p new ones first',
    rolling('25%', '25%'),
    { parallelism: 2, order: START_FIRST },
    { maxSurge: 2, maxUnavailable: 0 },
  ],
  [
    'p old ones first',
    rolling('25%', '25%'),
    { parallelism: 2, order: STOP_FIRST },
    { maxSurge: 0, maxUnavailable: 2 },
  ],
  ['all at once, new ones first', rolling(1, 0), { parallelism: 0, order: START_FIRST }, { maxSurge: '100%' }],
  ['all at once, old ones first', rolling(0, 1), { parallelism: 0, order: STOP_FIRST }, { maxUnavailable: '100%' }],
  ['what it does anyway', rolling(2, 0), { parallelism: 2, order: START_FIRST }, {}],
  [
    'Compose’s order where none is given',
    rolling('25%', '25%'),
    { parallelism: 1 },
    { maxSurge: 0, maxUnavailable: 1 },
  ],
  ['start-first where no pod may be missing', rolling(1, 0), { parallelism: 3 }, { maxSurge: 3 }],
  ['… as a share', rolling(1, '0%'), { parallelism: 3 }, { maxSurge: 3, maxUnavailable: 0 }],
  ['an order alone keeps the size', rolling('25%', '50%'), { order: START_FIRST }, { maxUnavailable: 0 }],
  ['… or takes the other one’s', rolling(2, 0), { order: STOP_FIRST }, { maxSurge: 0, maxUnavailable: 2 }],
  ['a delay', rolling(1, 0), { delayMs: 10_000 }, { minReadySeconds: 10 }],
  ['a delay that it has', rolling(1, 0, { minReadySeconds: 10 }), { delayMs: 10_000 }, {}],
  ['no delay', rolling(1, 0, { minReadySeconds: 10 }), { delayMs: 0 }, { minReadySeconds: 0 }],
  ['a part of a second', rolling(1, 0), { delayMs: 1_500 }, { minReadySeconds: 2 }],
  [
    'a delay beyond the deadline, which moves along',
    rolling(1, 0, { progressDeadlineSeconds: 60 }),
    { delayMs: 60_000 },
    { minReadySeconds: 60, progressDeadlineSeconds: 120 },
  ],
  ['anything with Recreate', recreating(), { parallelism: 1, delayMs: 1_000, order: START_FIRST }, {}],
];

const remarked: readonly (readonly [Deployment, UpdateLimits, readonly RegExp[]])[] = [
  [rolling(1, 0), { parallelism: 2, order: START_FIRST, delayMs: 0 }, []],
  [rolling(0, 1), { order: STOP_FIRST }, [/^order stop-first: new pods start as soon as old ones are told to stop/]],
  [rolling(1, 0), { delayMs: 2_000 }, [/^delay: counts .* from when it is ready/]],
  [rolling(1, 0), { delayMs: 500 }, [/^delay: rounded up to 1s/, /^delay: counts/]],
  [recreating(), { parallelism: 0, order: STOP_FIRST, delayMs: 0 }, []],
];

describe('what Compose’s keys ask for', () => {
  test.each(mapped)('%s', (_, deployment, asked, fields) => {
    expect(limitFields(deployment, fieldsOf(deployment), asked).fields).toEqual(fields);
  });

  test.each(remarked)('says what Kubernetes does otherwise (%#)', (deployment, asked, said) => {
    const { remarks } = limitFields(deployment, fieldsOf(deployment), asked);
    expect(remarks).toEqual(said.map((pattern) => expect.stringMatching(pattern)));
  });

  test('tells what is not done apart from how it is done', () => {
    const asked = { parallelism: 1, order: START_FIRST };
    const { unmet, remarks } = limitFields(recreating(), fieldsOf(recreating()), asked);
    expect(unmet).toEqual([expect.stringMatching(/^parallelism, order is not applied: the strategy Recreate/)]);
    expect(remarks).toEqual([]);
  });
});
