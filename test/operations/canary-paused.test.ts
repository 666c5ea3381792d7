import { afterAll, afterEach, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import { abort, type CanaryGround, canary, openCanaryGround } from './canary-ground.ts';
import { POLICY } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

test('a canary as large as the workload that fails under failure_action pause: it moves nothing, and promises no more', async () => {
  await ground.install('web', 2);
  const update = { failureAction: 'pause', policy: { ...POLICY, failFast: 'strict' } } as const;
  const images = 'web=rollkey.test/web:1.1-crash';
  const { outcome, workloads, message } = await roll(
    ground.ports,
    canary('1.1', [{ percent: 100 }], { update, images }),
  );
  expect([outcome, workloads[0]?.warnings]).toEqual(['paused', []]);
  expect(message).toMatch(
    /; paused: 2 pods run 1\.1 \(0 ready\), 2 pods run 1\.0 \(2 ready\); its canary grows no further/,
  );
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
  expect(ground.pods()).toEqual({ '1.0': 2 });
});
