import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readClusterInputs, readTrainInputs } from '../../src/inputs/read-inputs.ts';

type Given = Readonly<Record<string, string>>;

const GOOD: Given = { release: '1.1', deployment: 'web', images: 'app=web:1.1' };

function source(given: Given) {
  return (name: string) => given[name] ?? '';
}

async function problemsOf(given: Given, read: (source: (name: string) => string) => unknown = readTrainInputs) {
  try {
    await read(source(given));
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('train inputs', () => {
  test('what is not given has the defaults of action.yml', async () => {
    expect(await readTrainInputs(source(GOOD))).toEqual({
      kubeconfig: '',
      ...{ environment: '', scope: 'default', trust: ['github-actions[bot]'], token: '', blockOnRollback: true },
      context: '',
      namespace: '',
      workloads: [{ kind: 'deployment', name: 'web' }],
      release: '1.1',
      mode: 'auto',
      images: [{ container: 'app', image: 'web:1.1' }],
      allowGitopsDrift: false,
      forcedRollback: false,
      dryRun: false,
      timeoutMs: 600_000,
      reason: '',
      failFast: 'balanced',
      failOnRollback: true,
      updateConfig: { failureAction: 'rollback', maxFailureRatio: 0, monitorMs: 15_000 },
      rollbackConfig: { failureAction: 'pause', maxFailureRatio: 0, monitorMs: 15_000 },
      checks: [],
      canary: undefined,
    });
  });

  test('what is given is taken', async () => {
    const given = {
      ...GOOD,
      ...{ mode: 'rollback', namespace: 'shop', context: 'prod', kubeconfig: 'apiVersion: v1', timeout: '90s' },
      ...{ reason: 'because', 'dry-run': 'true', 'allow-gitops-drift': 'TRUE' },
      ...{ 'fail-fast': 'strict', 'fail-on-rollback': 'False', 'update-config': 'monitor: 1m' },
      ...{ 'rollback-config': 'failure_action: continue', verify: '- command: [./smoke.sh]' },
      ...{ canary: '1, 25%', 'canary-hold': '60s' },
    };
    expect(await readTrainInputs(source(given))).toMatchObject({
      ...{ mode: 'rollback', namespace: 'shop', context: 'prod', kubeconfig: 'apiVersion: v1', timeoutMs: 90_000 },
      ...{ reason: 'because', dryRun: true, allowGitopsDrift: true, failFast: 'strict', failOnRollback: false },
      ...{ updateConfig: { monitorMs: 60_000 }, rollbackConfig: { failureAction: 'continue' } },
      checks: [{ kind: 'command', argv: ['./smoke.sh'] }],
      canary: { sizes: [{ pods: 1 }, { percent: 25 }], holdMs: 60_000 },
    });
  });

  test('a rollback may leave the release to us; nothing else may', async () => {
    expect(await problemsOf({ deployment: 'web', mode: 'rollback' })).toEqual([]);
    for (const mode of ['auto', 'deploy', 'redeploy', ''])
      expect(await problemsOf({ deployment: 'web', mode })).toEqual([
        'release is empty: name the release to deploy, for example 1.4.2',
      ]);
  });

  test.each<readonly [Given, string]>([
    [{ mode: 'undo' }, 'mode "undo" is unknown: use auto, deploy, redeploy, rollback'],
    [{ mode: 'Deploy' }, 'mode "Deploy" is unknown: use auto, deploy, redeploy, rollback'],
    [{ mode: `de\nploy` }, 'mode "de\u{FFFD}ploy" is unknown: use auto, deploy, redeploy, rollback'],
    [{ timeout: 'soon' }, 'timeout "soon" is no duration: write 90s, 10m or 1h30m'],
    [{ timeout: '0s' }, 'timeout "0s" is no duration: write 90s, 10m or 1h30m'],
    [{ timeout: '600h' }, 'timeout "600h" is longer than any job may run: use 120h or less'],
    [{ 'fail-fast': 'fast' }, 'fail-fast "fast" is unknown: use balanced, strict, off'],
    [{ 'fail-on-rollback': 'no' }, 'fail-on-rollback "no" is neither true nor false'],
    [{ 'dry-run': 'yes' }, 'dry-run "yes" is neither true nor false'],
    [{ 'allow-gitops-drift': '1' }, 'allow-gitops-drift "1" is neither true nor false'],
    [{ reason: 'x'.repeat(1001) }, 'reason is longer than 1000 characters: shorten it'],
    [{ images: '*=web:1' }, 'images: "*=web:1" would change sidecars too; name the container'],
    [{ release: 'a\nb' }, 'release "a\u{FFFD}b" has a line end, control or invisible character: remove it'],
    [{ release: 'a::b' }, 'release "a::b" has "::" or "##[", which begin a workflow command: use another separator'],
    [{ release: 'x'.repeat(300) }, `release "${'x'.repeat(79)}…" has 300 characters: shorten it to 200 or fewer`],
    [
      { namespace: 'Shop' },
      'namespace "Shop" is not a name that Kubernetes allows: use a-z, 0-9, -, at most 63 characters',
    ],
  ])('%j', async (given, problem) => {
    expect(await problemsOf({ ...GOOD, ...given })).toEqual([problem]);
  });

  test('all problems at once', async () => {
    const more = {
      'fail-fast': 'x',
      'fail-on-rollback': 'x',
      'update-config': '[]',
      'rollback-config': ':',
      verify: '1',
    };
    const given = {
      ...more,
      mode: 'x',
      timeout: 'x',
      images: '*=a:1\nb=',
      namespace: 'X',
      'dry-run': 'x',
      release: ' ',
    };
    expect(await problemsOf(given)).toHaveLength(13);
  });

  test('no timer is longer than Node.js can set', async () => {
    expect((await readTrainInputs(source({ ...GOOD, timeout: '120h' }))).timeoutMs).toBeLessThan(2 ** 31);
  });
});

test('history asks only where the workloads are', async () => {
  expect(readClusterInputs(source({ deployment: 'web', release: '::' }))).toEqual({
    kubeconfig: '',
    context: '',
    namespace: '',
    workloads: [{ kind: 'deployment', name: 'web' }],
  });
  expect(await problemsOf({ namespace: 'X' }, readClusterInputs)).toHaveLength(2);
});
