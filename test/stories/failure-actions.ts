import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually, PATIENT } from '../../sandbox/desk/eventually.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { onTwoNodes } from '../../sandbox/desk/two-nodes.ts';
import { readEntry, readLedger } from './ledger-book.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';

const crash = (release: string) => ({ images: `web=${webImage(release, 'crash')}`, 'fail-fast': 'strict' });

const HALVES = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '50%', maxUnavailable: '25%' } };

/** How many pods each ReplicaSet is to have, of those that have any. */
async function sizesIn(desk: Desk): Promise<readonly number[]> {
  const sizes = (await desk.replicaSets()).map(({ spec }) => spec.replicas);
  return sizes.filter((size) => size > 0).sort();
}

async function isObserved(desk: Desk): Promise<boolean> {
  const { metadata, status } = await desk.deployment();
  return (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/**
 * Deploys 1.1 over a healthy 1.0 one pod at a time, so slowly that a check fails when there is one. `sizes` are those when
 * the run tells of its pause.
 */
async function pausedHalfWay(desk: Desk, shopFront: ShopFront, replicas: number, delay: string) {
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  await desk.install({ image: webImage('1.0'), replicas, annotations, spec: { strategy: HALVES } });
  const verify = JSON.stringify([{ name: 'shop', http: shopFront.url, interval: '300ms', threshold: 2 }]);
  const slowly = `parallelism: 1\norder: start-first\ndelay: ${delay}\nfailure_action: pause\nmonitor: 0s`;
  let sizes: Promise<readonly number[]> | undefined;
  const onLine = (line: string) => {
    if (line.includes('while it is paused') || line.includes('although it is paused')) sizes ??= sizesIn(desk);
  };
  const deploying = deploy(desk, '1.1', { verify, 'update-config': slowly }, { onLine });
  await eventually(
    'a pod of 1.1, and a check that has passed',
    async () => (await sizesIn(desk)).length === 2 && shopFront.asked() > 1,
  );
  shopFront.set(false);
  const run = await deploying;
  expect([run.exitCode, run.outputs['outcome'], run.outputs['reason-code']]).toEqual([1, 'paused', 'check-failed']);
  return { run, verify, sizes: await sizes };
}

/** A shop that answers 200 while it is open, else 503. */
interface ShopFront {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  readonly set: (open: boolean) => void;
}

async function withShopFront(tell: (shopFront: ShopFront) => Promise<void>): Promise<void> {
  let [isOpen, asked] = [true, 0];
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(isOpen ? 200 : 503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const set = (open: boolean) => {
    isOpen = open;
  };
  try {
    await tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked: () => asked, set });
  } finally {
    server.close();
    await once(server, 'close');
  }
}

export const failureActions: readonly Story[] = [
  {
    title: 'failure_action pause: stopped where it is, 1.0 serves on, and a rollback goes on from there',
    tell: async (desk) => {
      const one = { image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } };
      await desk.install(one);
      const inputs = { ...crash('1.1'), 'update-config': '{ failure_action: pause, monitor: 0s }' };
      const { exitCode, outputs, summary } = await deploy(desk, '1.1', inputs);
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'paused', 'container-crashed']);
      expect(outputs).toMatchObject({ 'rolled-back': 'false', 'rolled-back-to': '' });
      expect(summary).toMatch(/^### Paused half way: release `1\.1` failed .*container web exits 3/);
      expect(summary).toContain('Evidence of deployment/web');
      expect(outputs['message']).toMatch(/; paused: \d pods? runs? 1\.1 \(0 ready\), 2 pods run 1\.0 \(2 ready\); /);
      const deployment = await desk.deployment();
      expect([deployment.spec.paused, imageOf(deployment)]).toEqual([true, webImage('1.1', 'crash')]);
      await desk.answers('1.0');
      const entry = await readEntry(desk, '1.1');
      expect(entry).toMatchObject({ failedAt: expect.any(String) });
      expect(entry).not.toHaveProperty('rolledBackAt');

      const back = await well(rollBack(desk, ''));
      expect(back.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      expect((await desk.complete()).spec).not.toHaveProperty('paused', true);
      await desk.answers('1.0');
    },
  },
  {
    title:
      'failure_action pause, half way: nothing moves until the same release run again goes on, and gives back what was lent',
    tell: async (desk) => {
      await withShopFront(async (shopFront) => {
        const { run: held, verify } = await pausedHalfWay(desk, shopFront, 3, '1h');
        expect(held.outputs['message']).toMatch(
          /; paused: 1 pod runs 1\.1 \([01] ready\), 3 pods run 1\.0 \(3 ready\); to go on, run 1\.1 again, or kubectl rollout resume /,
        );
        expect(held.log).toContain('stay as update-config set them while it is paused');
        expect(await sizesIn(desk)).toEqual([1, 3]);
        await eventually('the controller has seen the pause', () => isObserved(desk));
        await pause(1_500);
        expect(await sizesIn(desk)).toEqual([1, 3]);
        expect(await readLedger(desk)).toHaveProperty('loan');

        shopFront.set(true);
        const since = new Date();
        const { outputs } = await well(deploy(desk, '1.1', { verify }));
        expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', release: '1.1' });
        const patches = (await desk.requestsSince(since))?.filter(({ verb }) => verb === 'patch');
        if (patches) expect(patches).toHaveLength(1);
        const { spec } = await desk.complete();
        expect([spec.paused ?? false, spec.minReadySeconds ?? 0, spec.strategy]).toEqual([false, 0, HALVES]);
        expect(await readLedger(desk)).not.toHaveProperty('loan');
        await desk.answers('1.1');
      });
    },
  },
  {
    title:
      'failure_action pause with all new pods there: it says that Kubernetes removes the old ones all the same, and it does',
    tell: async (desk) => {
      await withShopFront(async (shopFront) => {
        // Until then the run has to find that the check fails.
        const delay = paced(desk, '20s', '40s');
        const { run: held, sizes } = await pausedHalfWay(desk, shopFront, 1, delay);
        expect(held.summary).toContain('although it is paused, Kubernetes removes the pods of other releases');
        expect(sizes).toEqual([1, 1]);
        await eventually('the old pod is gone', async () => (await sizesIn(desk)).length === 1, PATIENT);
        expect((await desk.deployment()).spec.paused).toBe(true);
        await desk.answers('1.1');
        await well(rollBack(desk, ''));
        await desk.answers('1.0');
      });
    },
  },
  {
    title: 'a release that is fixed goes over one that was paused, in one write; what somebody else paused stays',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      const { outputs } = await deploy(desk, '1.1', {
        ...crash('1.1'),
        'update-config': '{ failure_action: pause, monitor: 0s }',
      });
      expect(outputs['outcome']).toBe('paused');
      await well(deploy(desk, '1.2'));
      expect((await desk.complete()).spec.paused ?? false).toBe(false);
      await desk.answers('1.2');

      await desk.byHand.pause('web');
      const refused = await deploy(desk, '1.3');
      expect([refused.exitCode, refused.outputs['reason-code']]).toEqual([1, 'preflight-refused']);
      await desk.answers('1.2');
    },
  },
  {
    title: 'fail-on-rollback false: rolled back, and the job passes',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      const run = await deploy(desk, '1.1', { ...crash('1.1'), 'fail-on-rollback': 'false' });
      expect([run.exitCode, run.outputs['outcome'], run.outputs['rolled-back-to']]).toEqual([0, 'rolled-back', '1.0']);
      expect(run.annotations.map(({ level }) => level)).not.toContain('notice');
      await desk.answers('1.0');
    },
  },
  {
    title: 'max_failure_ratio: what fails on one node of two is tolerated at 0.5, and taken back below',
    needsMachinery: true,
    tell: async (desk) => {
      const annotations = { 'kubernetes.io/change-cause': '1.0' };
      const workload = { image: webImage('1.0'), replicas: 4, annotations, ...(await onTwoNodes(desk, 'bad-node')) };
      await desk.install(workload);
      const timeout = paced(desk, '4s', '40s');
      const inputs = { images: `web=${webImage('1.1', 'local')}`, timeout };
      const less = '{ max_failure_ratio: 0.4, monitor: 0s }';
      const { outputs } = await deploy(desk, '1.1', { ...inputs, 'update-config': less });
      expect(outputs).toMatchObject({ outcome: 'rolled-back', 'rolled-back-to': '1.0' });
      await desk.complete();

      const half = '{ max_failure_ratio: 0.5, monitor: 0s }';
      const tolerated = await well(deploy(desk, '1.1', { ...inputs, 'update-config': half }));
      expect(tolerated.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back': 'false' });
      expect(tolerated.outputs['message']).toContain('max_failure_ratio tolerates');
      expect(imageOf(await desk.deployment())).toBe(webImage('1.1', 'local'));
    },
  },
];
