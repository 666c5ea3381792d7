import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import { startBedTestCluster } from '../../../sandbox/desk/bed-test-cluster.ts';
import { type Desk, openDesk } from '../../../sandbox/desk/desk.ts';
import { eventually } from '../../../sandbox/desk/eventually.ts';
import { webImage } from '../../../sandbox/desk/test-cluster.ts';
import { onTwoNodes } from '../../../sandbox/desk/two-nodes.ts';
import { signsOf } from './by-hand-release.ts';

jest.setTimeout(120_000);

const cluster = await startBedTestCluster(console.error);
let desk: Desk;

beforeEach(async () => {
  desk = await openDesk(cluster, 'machinery');
});
afterEach(() => desk.close());
afterAll(cluster.stop);

const nodes = async () => (await desk.pods()).map(({ spec }) => spec.nodeName).sort();

describe('one more node', () => {
  test('takes pods that tolerate it, and is a whole one: probes, proxy, logs', async () => {
    await desk.install({ image: webImage('1.0'), ...(await onTwoNodes(desk, 'other')) });
    expect(await nodes()).toEqual(['bed', 'other']);
    await desk.answers('1.0');
    await desk.byHand.setImage('web', webImage('1.1', 'crash'));
    const log = async ({ metadata }: Pod) =>
      (await desk.api.send({ path: `/api/v1/namespaces/${desk.namespace}/pods/${metadata.name}/log` })).text;
    await eventually('the log of a crash there', async () => {
      const there = (await desk.pods()).filter(({ spec }) => spec.nodeName === 'other');
      return (await Promise.all(there.map(log))).includes('cannot start 1.1\n');
    });
  });

  test('is left alone by everybody else', async () => {
    await cluster.machinery?.addNode('other');
    await desk.install({ image: webImage('1.0') });
    expect(await nodes()).toEqual(['bed', 'bed']);
  });

  test('is drained: its pods go elsewhere', async () => {
    await desk.install({ image: webImage('1.0'), ...(await onTwoNodes(desk, 'leaving')) });
    await desk.surroundings.drain('leaving');
    await eventually('all pods on the other node', async () => String(await nodes()) === 'bed,bed');
    await desk.complete();
  });
});

describe('the registry', () => {
  test('has what was pushed, fails as often as it is told, and says what it does not have', async () => {
    const image = (await cluster.machinery?.publish(`${desk.namespace}/web`, '1.1', 1)) ?? '';
    const absent = (await cluster.machinery?.absentImage(`${desk.namespace}/web`)) ?? '';
    await desk.install({ image, replicas: 1 });
    await desk.answers('1.1');
    expect(await signsOf(desk)).toMatch(/failed with status code \[manifests 1\.1\]: 503 Service Unavailable/);
    await desk.byHand.setImage('web', absent);
    const words = new RegExp(`code = NotFound desc = failed to pull and unpack image .*${absent}: not found`);
    await eventually('not found', async () => words.test(await signsOf(desk)));
  });
});

test('controllers that are restarted go on', async () => {
  await desk.install({ image: webImage('1.0') });
  await cluster.machinery?.restartControllers();
  await desk.byHand.setImage('web', webImage('1.1'));
  await desk.complete();
  await desk.answers('1.1');
});

test('a webhook times out for the first pod, then admits', async () => {
  await desk.install({ image: webImage('1.0') });
  await cluster.machinery?.addWebhook(desk.namespace, 1);
  await desk.byHand.setImage('web', webImage('1.1'));
  await desk.complete();
  expect(await signsOf(desk)).toMatch(/failed calling webhook .*: context deadline exceeded/);
});
