import { describe, expect, test } from '@jest/globals';
import { besideBlueGreen, previewChecks, readBlueGreen } from '../../src/inputs/blue-green.ts';
import type { ServiceSpec } from '../../src/inputs/checks.ts';

const TWO = [
  { kind: 'deployment', name: 'web-blue' },
  { kind: 'deployment', name: 'web-green' },
] as const;

describe('what is read', () => {
  test.each([
    ['', undefined],
    ['# nothing\n', undefined],
    ['web', { service: 'web' }],
    ['service: web', { service: 'web' }],
    ['service: web\npreview: web-preview', { service: 'web', preview: 'web-preview' }],
    ['{service: web, scale-down-delay: 30s}', { service: 'web', scaleDownDelayMs: 30_000 }],
    ['service: web\nscale-down-delay: 0s', { service: 'web', scaleDownDelayMs: 0 }],
    ['service: web\nscale-down-delay: 1h', { service: 'web', scaleDownDelayMs: 3_600_000 }],
  ])('%j', async (text, blueGreen) => {
    expect(await readBlueGreen(text)).toEqual({ blueGreen, problems: [] });
  });
});

describe('what is wrong is told', () => {
  test.each([
    ['preview: web-preview', 'blue-green: service is missing'],
    ['service: Web', 'blue-green: service "Web" is no name of a Service'],
    ['service: 1', 'blue-green: service 1 is no name of a Service'],
    ['[web]', 'blue-green: is a list'],
    ['service: web\npreview: web', 'blue-green: preview is the live Service'],
    ['service: web\nscale-down-delay: soon', 'blue-green: scale-down-delay "soon" is no duration'],
    ['service: web\nscale-down-delay: 2h', 'too long'],
    ['service: web\nblue: web-blue', 'blue-green: blue is named in deployment'],
    ['service: web\ncolour: red', 'blue-green: colour is unknown'],
    ['service: [', 'blue-green is not YAML'],
  ])('%j', async (text, problem) => {
    const { problems } = await readBlueGreen(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('what goes with it', () => {
  const pair = { service: 'web' };

  test.each([
    [TWO, undefined, 0],
    [TWO.slice(1), undefined, 1],
    [[...TWO, { kind: 'deployment', name: 'api' } as const], undefined, 1],
    [[TWO[0], { kind: 'statefulset', name: 'db' } as const], undefined, 1],
    [TWO, { sizes: [{ pods: 1 }] }, 1],
  ])('%j, canary %j', (workloads, canary, problems) => {
    expect(besideBlueGreen(pair, { workloads, canary })).toHaveLength(problems);
    expect(besideBlueGreen(undefined, { workloads, canary })).toEqual([]);
  });
});

describe('before the switch', () => {
  const check: ServiceSpec = {
    ...{ kind: 'service', service: 'web', port: '80', path: '/', scheme: 'http', name: 'smoke' },
    ...{ timeoutMs: 1, intervalMs: 1, threshold: 1, statuses: [], contains: '' },
  };
  const other = { ...check, service: 'api' };

  test('the live Service is asked through the preview, and no other', () => {
    const pair = { service: 'web', preview: 'web-preview' };
    expect(previewChecks([check, other], pair)).toEqual([{ ...check, service: 'web-preview' }]);
  });

  test('without a preview nothing can be asked', () => {
    expect(previewChecks([check], { service: 'web' })).toEqual([]);
  });
});
