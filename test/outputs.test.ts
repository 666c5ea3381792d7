import { describe, expect, test } from '@jest/globals';
import { nothingHappened, OUTPUT_KEYS, toOutputs } from '../src/outputs.ts';
import type { Result } from '../src/result.ts';
import { sampleResult, sampleWorkload } from './report/sample.ts';
import { SAMPLE_RUNS } from './report/sample-runs.ts';

describe('every output is always set', () => {
  test.each(Object.entries(SAMPLE_RUNS))('%s', (_, result) => {
    const outputs = toOutputs(result);
    expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_KEYS].sort());
    expect(Object.values(outputs).filter((value) => typeof value !== 'string')).toEqual([]);
  });

  test('before work starts no condition holds', () => {
    const { result, direction, 'version-change': change, ...others } = nothingHappened();
    expect([result, direction, change]).toEqual(['{}', 'unknown', 'unknown']);
    expect(Object.keys(others)).toHaveLength(OUTPUT_KEYS.length - 3);
    expect(new Set(Object.values(others))).toEqual(new Set(['', 'false']));
    expect(others.outcome).toBe('');
    expect(others['run-on-deploy']).toBe('false');
    expect(others['rolled-back']).toBe('false');
    expect(others['rolled-back-to']).toBe('');
  });
});

test('a deploy', () => {
  const { result, ...outputs } = toOutputs(SAMPLE_RUNS.deployed);
  expect(JSON.parse(result)).toEqual(SAMPLE_RUNS.deployed);
  expect(outputs).toMatchInlineSnapshot(`
{
  "blocked-release": "",
  "changed": "true",
  "direction": "up",
  "first-deployment": "false",
  "images": "web/app=registry.example.com/shop/web:1.4.2",
  "last-attempted-release": "1.4.1",
  "last-good-release": "1.4.1",
  "message": "release 1.4.2 is available on deployment shop/web",
  "mode": "deploy",
  "outcome": "succeeded",
  "previous-release": "1.4.1",
  "reason-code": "rolled-out",
  "release": "1.4.2",
  "revision": "7",
  "rolled-back": "false",
  "rolled-back-from": "",
  "rolled-back-to": "",
  "run-on-build-version-change": "true",
  "run-on-deploy": "true",
  "run-on-deploy-or-redeploy": "true",
  "run-on-deploy-or-rollback": "true",
  "run-on-major-or-minor-version-change": "false",
  "run-on-major-version-change": "false",
  "run-on-minor-version-change": "false",
  "run-on-redeploy": "false",
  "run-on-redeploy-or-rollback": "false",
  "run-on-revision-version-change": "false",
  "run-on-rollback": "false",
  "trigger": "workflow_dispatch",
  "version-change": "build",
}
`);
});

test('workloads that differ are listed by name', () => {
  const outputs = toOutputs(SAMPLE_RUNS.train);
  expect(outputs.revision).toBe('web=7, api=4, worker=7');
  expect(outputs['previous-release']).toBe('web=1.4.1, api=1.4.1, worker=1.4.0');
  expect(outputs['last-good-release']).toBe('1.4.1');
});

test('without workloads the outputs say what the run knows', () => {
  const outputs = toOutputs(sampleResult({ workloads: [], previousRelease: '1.0' }));
  expect(outputs['previous-release']).toBe('1.0');
  expect(outputs.images).toBe('');
});

test('images are lines that the input images takes', () => {
  const web = sampleWorkload({ images: { app: 'web:1@sha256:0', init: 'init:2' } });
  const workloads = [web, sampleWorkload({ workload: 'deployment/api', images: { app: 'api:1' } })];
  expect(toOutputs(sampleResult({ workloads })).images).toBe('web/app=web:1@sha256:0\nweb/init=init:2\napi/app=api:1');
});

describe('rolled back', () => {
  const back = SAMPLE_RUNS.rolledBack;
  const undone = { ...back, outcome: 'unchanged' } satisfies Result;
  const repeated = { ...undone, workloads: [sampleWorkload({ release: '1.4.1', previousRelease: '1.4.1' })] };
  test.each<[string, Result, string, string, string]>([
    ['to an older release', back, 'true', '1.4.2', '1.4.1'],
    ['to a release with the same bits: nothing moved', undone, 'false', '', ''],
    ['to what is live already', repeated, 'false', '', ''],
    ['without success', { ...back, outcome: 'timed-out' }, 'false', '', ''],
    ['only planned', { ...back, outcome: 'planned' }, 'false', '', ''],
    ['not at all: deployed', SAMPLE_RUNS.deployed, 'false', '', ''],
  ])('%s', (_, result, rolledBack, from, to) => {
    const outputs = toOutputs(result);
    expect([outputs['rolled-back'], outputs['rolled-back-from'], outputs['rolled-back-to']]).toEqual([
      rolledBack,
      from,
      to,
    ]);
  });
});

test('a run that ended before its mode was known holds no condition', () => {
  const outputs = toOutputs(SAMPLE_RUNS.failedByInput);
  expect(OUTPUT_KEYS.filter((key) => key.startsWith('run-on-') && outputs[key] !== 'false')).toEqual([]);
});

test('a result too long for an output keeps what scripts read', () => {
  const templateDiff = Array.from({ length: 20_000 }, () => '+ a line of thirty characters ');
  const result = sampleResult({ workloads: [sampleWorkload({ templateDiff })] });
  const parsed = JSON.parse(toOutputs(result).result);
  expect(parsed.truncated).toBe(true);
  expect(parsed.workloads[0]).toMatchObject({ workload: 'deployment/web', revision: '7', templateDiff: [] });
});
