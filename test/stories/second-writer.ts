import { expect } from '@jest/globals';
import type { Passing } from '../../sandbox/desk/checkpoint.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { changeCauseOf, deploy, imageOf, rollBack, type Story, well } from './story.ts';

type Act = (time: number) => Promise<unknown>;

/** A kubeconfig under which something happens between what the action has read and its first patches. */
function beforePatches(desk: Desk, times: number, act: Act): Promise<string> {
  return before(desk, 'PATCH', '/deployments/web', times, act);
}

function before(desk: Desk, wanted: string, suffix: string, times: number, act: Act): Promise<string> {
  let met = 0;
  return desk.kubeconfigPast(async ({ method, path }: Passing) => {
    if (method !== wanted || !path.endsWith(suffix) || met === times) return;
    met += 1;
    await act(met);
  });
}

async function twoReleases(desk: Desk): Promise<void> {
  await desk.install({ image: webImage('0.9') });
  await well(deploy(desk, '1.0'));
  await well(deploy(desk, '1.1'));
}

export const secondWriter: readonly Story[] = [
  {
    title: 'scaled between read and patch: read again, and the new count stays',
    tell: async (desk) => {
      await twoReleases(desk);
      const kubeconfig = await beforePatches(desk, 1, () => desk.byHand.scale('web', 3));
      const { outputs } = await well(rollBack(desk, '1.0', { kubeconfig }));
      expect(outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-to': '1.0' });
      expect((await desk.deployment()).spec.replicas).toBe(3);
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a variable set by hand between read and patch: a deploy builds on it',
    tell: async (desk) => {
      await twoReleases(desk);
      const container = { name: 'web', env: [{ name: 'BY_HAND', value: 'yes' }] };
      const patch = { spec: { template: { spec: { containers: [container] } } } };
      const kubeconfig = await beforePatches(desk, 1, () => desk.byHand.patch('web', patch));
      await well(deploy(desk, '1.2', { kubeconfig }));
      const [web] = (await desk.deployment()).spec.template.spec.containers;
      expect([web?.image, web?.env]).toEqual([webImage('1.2'), container.env]);
      await desk.answers('1.2');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'an image set by hand between read and patch: decided again, and said',
    tell: async (desk) => {
      await twoReleases(desk);
      const kubeconfig = await beforePatches(desk, 1, () => desk.byHand.setImage('web', webImage('1.3')));
      const { log, outputs } = await well(rollBack(desk, '1.0', { kubeconfig }));
      expect(log).toMatch(/changed by kubectl-set at \S+ meanwhile; deciding again/);
      expect(outputs['result']).toContain(webImage('1.3'));
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'somebody who is faster every time: superseded, and theirs stays',
    tell: async (desk) => {
      await twoReleases(desk);
      const images = ['', webImage('1.3'), webImage('1.4')];
      const kubeconfig = await beforePatches(desk, 2, (time) => desk.byHand.setImage('web', images[time] ?? ''));
      const { exitCode, outputs } = await rollBack(desk, '1.0', { kubeconfig });
      expect([exitCode, outputs['outcome'], outputs['changed']]).toEqual([1, 'superseded', 'false']);
      expect(imageOf(await desk.deployment())).toBe(webImage('1.4'));
      await desk.complete();
      await desk.answers('1.4');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a second run with a newer release between read and patch: superseded, since nobody decided to go below it',
    tell: async (desk) => {
      await twoReleases(desk);
      const kubeconfig = await beforePatches(desk, 1, () => well(deploy(desk, '1.3')));
      const { exitCode, outputs } = await deploy(desk, '1.2', { kubeconfig });
      expect([exitCode, outputs['outcome'], outputs['changed']]).toEqual([1, 'superseded', 'false']);
      expect(changeCauseOf(await desk.deployment())).toBe('1.3');
      await desk.answers('1.3');
      const [won, lost] = [await readEntry(desk, '1.3'), await readEntry(desk, '1.2')];
      expect([won?.images['web'], typeof won?.verifiedAt]).toEqual([webImage('1.3'), 'string']);
      expect(lost?.verifiedAt).toBeUndefined();
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a second run writes the ledger between read and write: both records stand',
    tell: async (desk) => {
      await twoReleases(desk);
      const alias = () => well(deploy(desk, '1.1.1', { images: `web=${webImage('1.1')}` }));
      const kubeconfig = await before(desk, 'PUT', '/configmaps/rollkey.deployment.web', 1, alias);
      await well(deploy(desk, '1.2', { kubeconfig }));
      for (const release of ['1.0', '1.1', '1.1.1', '1.2']) {
        expect(await readEntry(desk, release)).toMatchObject({ release, verifiedAt: expect.any(String) });
      }
      await expectOneTruth(desk);
    },
  },
  {
    title: 'deleted between read and patch: one line, and nothing is made',
    tell: async (desk) => {
      await twoReleases(desk);
      const kubeconfig = await beforePatches(desk, 1, () => desk.byHand.remove('web'));
      const { exitCode, outputs } = await rollBack(desk, '1.0', { kubeconfig });
      expect([exitCode, outputs['outcome'], outputs['changed']]).toEqual([1, 'failed', 'false']);
      expect(outputs['message']).toContain(`deployment ${desk.namespace}/web`);
      await expect(desk.deployment()).rejects.toThrow('404');
    },
  },
];
