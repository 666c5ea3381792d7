import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { sendTraffic } from '../../../sandbox/desk/service-traffic.ts';
import { webImage } from '../../../sandbox/desk/test-cluster.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

test('requests go out at an even pace, and each that nobody answers is told', async () => {
  const desk = await openDesk(cluster);
  await desk.install({ image: webImage('1.0') });
  const selects = (app: string) =>
    desk.api.json({
      method: 'PATCH',
      path: `/api/v1/namespaces/${desk.namespace}/services/web`,
      body: { spec: { selector: { app } } },
      contentType: 'application/merge-patch+json',
    });
  const traffic = sendTraffic(cluster.admin, desk.namespace, 'web', 50);
  await pause(400);
  await selects('nobody');
  await pause(200);
  await selects('web');
  await pause(400);
  const { sent, lost, served, spans } = await traffic.stop();
  expect(sent).toBeGreaterThan(30);
  expect(lost.length).toBeGreaterThan(2);
  expect(lost[0]).toMatch(/^503 .*no endpoints available/);
  expect(lost.length + (served['1.0'] ?? 0)).toBe(sent);
  expect((spans['1.0']?.last ?? 0) - (spans['1.0']?.first ?? 0)).toBeGreaterThan(700);
  await desk.close();
});
