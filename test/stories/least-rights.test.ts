import { afterAll, expect, test } from '@jest/globals';
import { openDesk } from '../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { FULL, HASTY, ruleFor, tellLeastRights, without } from './least-rights.ts';

const cluster = await startEmbeddedTestCluster();

await tellLeastRights(cluster);

test('without pods list, the pods are lost from sight with the first watch that is', async () => {
  const desk = await openDesk(cluster, 'lost');
  await desk.install({ image: webImage('1.0'), replicas: 1 });
  const kubeconfig = await desk.kubeconfigFor(without(FULL, 'pods list'));
  const images = `web=${webImage('1.1', 'unready')}`;
  const running = desk.run('root', { kubeconfig, deployment: 'web', release: '1.1', images, timeout: '6s', ...HASTY });
  await eventually(
    'the watch of pods',
    async () =>
      cluster.cluster.requests.some(({ verb, path }) => verb === 'watch' && path.endsWith(`${desk.namespace}/pods`)) ||
      undefined,
  );
  await eventually('two pods', async () => ((await desk.pods()).length > 1 ? true : undefined));
  cluster.cluster.watches.expireAll();
  const { log, outputs } = await running;
  expect(outputs).toMatchObject({ outcome: 'rolled-back', 'reason-code': 'timeout' });
  expect(log).toContain(ruleFor('pods list'));
  expect(log).toContain("going on without the pods' states");
  await desk.close();
});

afterAll(cluster.stop);
