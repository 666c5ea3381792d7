import { expect } from '@jest/globals';
import { startPrometheus } from '../../sandbox/bed/prometheus.ts';
import { startExporter } from '../../sandbox/bed/prometheus-exporter.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { deploy, type Inputs, imageOf, type Story, well } from './story.ts';

const QUICK = { interval: '100ms', threshold: 2 };

/** From a healthy 1.0 to 1.1, with these checks. */
async function deployChecked(desk: Desk, list: readonly object[], inputs: Inputs = {}): Promise<ActionRun> {
  await desk.install({ image: webImage('0.9') });
  await well(deploy(desk, '1.0'));
  return deploy(desk, '1.1', { verify: verify(...list), ...inputs });
}

function verify(...list: readonly object[]): string {
  return JSON.stringify(list.map((check) => ({ ...QUICK, ...check })));
}

async function expectRolledBack(desk: Desk, { exitCode, outputs, summary }: ActionRun, why: RegExp): Promise<void> {
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'check-failed']);
  expect(outputs).toMatchObject({ 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
  expect(summary).toMatch(why);
  await desk.answers('1.0');
  const entry = await readEntry(desk, '1.1');
  expect([typeof entry?.failedAt, entry?.verifiedAt]).toEqual(['string', undefined]);
  await expectOneTruth(desk);
}

/** Nobody knows whether the release is good: it stays, but is not called so. */
async function expectUndecided(desk: Desk, run: ActionRun, reason: string, why: RegExp): Promise<void> {
  const { exitCode, outputs, summary } = run;
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', reason]);
  expect(outputs['rolled-back']).toBe('false');
  expect(summary).toMatch(why);
  expect(imageOf(await desk.complete())).toBe(webImage('1.1'));
  expect((await readEntry(desk, '1.1'))?.verifiedAt).toBeUndefined();
  await desk.answers('1.1');
}

export const checks: readonly Story[] = [
  {
    title: 'a release that answers as it should passes its checks, and a command is told of it',
    tell: async (desk) => {
      const told =
        'test "$ROLLKEY_RELEASE $ROLLKEY_PREVIOUS_RELEASE $ROLLKEY_DEPLOYMENT $ROLLKEY_MODE" = "1.1 1.0 web deploy"';
      const run = await deployChecked(desk, [
        { service: { name: 'web', port: 80, contains: '1.1' } },
        { name: 'smoke', command: ['sh', '-c', told] },
      ]);
      expect([run.exitCode, run.outputs['outcome']]).toEqual([0, 'succeeded']);
      const { checks: reports } = JSON.parse(run.outputs['result'] ?? '{}') as { checks: readonly object[] };
      expect(reports).toMatchObject([
        { name: 'service web:80/', state: 'passed' },
        { name: 'smoke', state: 'passed' },
      ]);
      expect(await readEntry(desk, '1.1')).toMatchObject({ verifiedAt: expect.any(String) });
    },
  },
  {
    title: 'a release whose pods are well but which answers wrongly is rolled back',
    tell: async (desk) => {
      const check = { service: { name: 'web', port: 80, contains: '$ROLLKEY_RELEASE' } };
      const run = await deployChecked(desk, [check], { images: `web=${webImage('1.3')}` });
      await expectRolledBack(desk, run, /answers 200 without the text "1\.1": 1\.3/);
    },
  },
  {
    title: 'a release that a command finds bad is rolled back, with the command’s last words',
    tell: async (desk) => {
      const script = 'echo "no basket in release $ROLLKEY_RELEASE"; test "$ROLLKEY_RELEASE" != 1.1';
      const run = await deployChecked(desk, [{ name: 'smoke', command: ['sh', '-c', script] }]);
      await expectRolledBack(desk, run, /smoke.*no basket in release 1\.1/);
    },
  },
  {
    title: 'a check that cannot be carried out decides nothing, and its credentials are not seen',
    tell: async (desk) => {
      const headers = { Authorization: 'Bearer s3cr3t-t0k3n' };
      const prometheus = { url: 'http://127.0.0.1:1', query: 'up', below: 1, headers };
      const run = await deployChecked(desk, [{ name: 'errors', prometheus }]);
      await expectUndecided(desk, run, 'check-error', /errors.*Prometheus: refuses the connection/);
      expect(run.masked).toEqual(expect.arrayContaining(['Bearer s3cr3t-t0k3n', 's3cr3t-t0k3n']));
      expect(`${run.log}${run.summary}${JSON.stringify(run.outputs)}`).not.toContain('s3cr3t-t0k3n');
    },
  },
  {
    title: 'a Service that the token may not reach decides nothing, and the missing rule is printed',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0') });
      const kubeconfig = await desk.kubeconfigFor([
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'watch', 'patch'] },
        { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'update'] },
      ]);
      const run = await deploy(desk, '1.1', { verify: verify({ service: 'web:80' }), kubeconfig });
      await expectUndecided(desk, run, 'check-error', /services\/proxy/);
    },
  },
  {
    title: 'Prometheus: beyond the limit is rolled back, no data and a server that is gone are not',
    only: 'bed',
    tell: async (desk) => {
      const exporter = await startExporter();
      exporter.set('shop_error_ratio', 0.5);
      const prometheus = await startPrometheus([exporter.target]);
      const asked = (query: string) => ({ name: 'errors', prometheus: { url: prometheus.url, query, below: 0.01 } });
      const again = (check: object) => deploy(desk, '1.1', { verify: verify(check) });
      try {
        await expectRolledBack(desk, await deployChecked(desk, [asked('shop_error_ratio')]), /0\.5 is not below 0\.01/);
        await expectUndecided(desk, await again(asked('shop_orders')), 'check-inconclusive', /no data/);
      } finally {
        await prometheus.stop();
        await exporter.stop();
      }
      await expectUndecided(desk, await again(asked('shop_error_ratio')), 'check-error', /refuses the connection/);
    },
  },
];
