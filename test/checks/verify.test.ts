import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { deploy } from '../stories/story.ts';

// What the built action makes of its input, beside what test/stories tells of it.
const cluster = await startEmbeddedTestCluster();
let desk: Desk;

beforeEach(async () => {
  desk = await openDesk(cluster);
  await desk.install({ image: webImage('1.0') });
});
afterEach(() => desk.close());
afterAll(cluster.stop);

function verify(...checks: readonly object[]): string {
  return JSON.stringify(checks.map((check) => ({ interval: '100ms', threshold: 2, ...check })));
}

test('credentials of checks are hidden, and are nowhere in what a run leaves', async () => {
  const headers = { Authorization: 'Bearer s3cr3t-t0k3n' };
  const prometheus = { url: 'http://127.0.0.1:1', query: 'up', below: 1, headers };
  const run = await deploy(desk, '1.1', { verify: verify({ prometheus }) });
  expect([run.exitCode, run.outputs['reason-code']]).toEqual([1, 'check-error']);
  expect(run.masked).toEqual(expect.arrayContaining(['Bearer s3cr3t-t0k3n', 's3cr3t-t0k3n']));
  expect(`${run.log}${run.summary}${JSON.stringify(run.outputs)}`).not.toContain('s3cr3t-t0k3n');
});

test('where the right to reach the Service is missing, the rule is printed', async () => {
  const kubeconfig = await desk.kubeconfigFor([
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'watch', 'patch'] },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list', 'watch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'update'] },
  ]);
  const run = await deploy(desk, '1.1', { verify: verify({ service: 'web:80' }), kubeconfig });
  expect([run.exitCode, run.outputs['reason-code'], run.outputs['rolled-back']]).toEqual([1, 'check-error', 'false']);
  expect(run.summary).toContain('services/proxy');
});

test('everything that is wrong is said before anything is touched', async () => {
  const inputs = { verify: '- http: x\n- command: y', 'update-config': 'monitor: soon', 'fail-fast': 'fast' };
  const run = await deploy(desk, '1.1', inputs);
  expect([run.exitCode, run.outputs['reason-code'], run.outputs['changed']]).toEqual([1, 'invalid-input', 'false']);
  for (const key of ['fail-fast', 'update-config: monitor', 'check 1 (http)', 'check 2 (command)'])
    expect(run.summary).toContain(key);
  await desk.answers('1.0');
});

test('the process ends with the run, whatever a command leaves running', async () => {
  const command = ['sh', '-c', 'sleep 1000 & sleep 1000 > /dev/null 2>&1 & echo well'];
  const run = await deploy(desk, '1.1', { verify: verify({ command }) });
  expect([run.exitCode, run.timedOut, run.outputs['outcome']]).toEqual([0, false, 'succeeded']);
  expect(run.durationMs).toBeLessThan(30_000);
});
