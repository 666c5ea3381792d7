import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import { type Connect, runTrain } from '../../src/run/train.ts';
import { createFakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { createMemoryServices } from '../fakes/memory-services.ts';
import { type CanaryGround, canary, openCanaryGround } from '../operations/canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

const connect: Connect = async () => ({
  ...{ ...ground.ports, namespace: 'shop', services: createMemoryServices() },
  ...{ checks: async () => [], close: () => {} },
});

const INPUTS = { deployment: 'web', 'rollback-config': 'monitor: 0s', 'github-token': 'token' };
const REFUSED = new GitHubError('forbidden', 'the token may not write deployments');

describe('the job of an abort', () => {
  test.each([
    ['passes where the release is blocked', 'production', undefined, false],
    ['fails where the block is missing', 'production', REFUSED, true],
    ['passes where the block is missing and no environment is named', '', REFUSED, false],
  ] as const)('%s; the canary is gone in any case', async (_, environment, problem, fails) => {
    await ground.install('web', 2);
    await roll(ground.ports, canary('1.1'));
    const gate = createMemoryGate();
    if (problem) gate.faults.at('append', problem, 9);
    const runner = createFakeRunner({ ...INPUTS, environment });
    await runTrain('abort', runner, { connect, openGate: () => gate });
    expect([runner.outputs['outcome'], runner.failed(), ground.pods()]).toEqual(['aborted', fails, { '1.0': 2 }]);
    expect(runner.outputs['blocked-release']).toBe(problem ? '' : '1.1');
    const missing = problem ? /; the block of 1\.1 is missing, .*gh workflow run block\.yml/ : /pods$/;
    expect(runner.outputs['message']).toMatch(/^deployment\/web: the canary of 1\.1 is aborted, 1\.0 has 2 of 2 pods/);
    expect(runner.outputs['message']).toMatch(missing);
  });
});

test('a rollback by name whose block is missing passes: it was asked for, and its annotation says what is missing', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const gate = createMemoryGate();
  gate.faults.at('append', REFUSED, 9);
  const runner = createFakeRunner({ ...INPUTS, environment: 'production', mode: 'rollback' });
  await runTrain('roll', runner, { connect, openGate: () => gate });
  expect([runner.outputs['outcome'], runner.failed()]).toEqual(['succeeded', false]);
  expect(runner.annotations.map(({ level }) => level)).toContain('error');
});
