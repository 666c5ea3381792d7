import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { scaled } from '../../sandbox/desk/played-release.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { abort, beginCanary, expectReturned, held, openCanaryDesk, promote, rolloutFieldsOf } from './canary-desk.ts';
import { expectOneTruth } from './ledger-book.ts';
import { deploy, imageOf, type Story, well } from './story.ts';

/** Somebody else does something to a canary that is held: nothing of theirs is lost, and nothing of ours stays behind. */
export const canaryOthers: readonly Story[] = [
  {
    title: 'kubectl rollout resume of a held canary: nothing moves by it, and promote goes on',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      await desk.byHand.patch('web', { spec: { paused: null } });
      await pause(scaled(desk, 4_000));
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3, last: { new: { existing: 1 } } });
      await well(promote(desk, { to: 'all' }));
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: 'kubectl rollout undo of a canary: the next run gives back what was left behind, whatever it does',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      await undoByHand(desk);
      expect(rolloutFieldsOf(await desk.deployment()).minReadySeconds).toBeGreaterThan(1_000_000);
      const { log } = await well(deploy(desk, '1.2'));
      expect(log).toMatch(/canary.*1\.1|1\.1.*canary/);
      await expectReturned(desk, shop);
      await desk.answers('1.2');
      await expectOneTruth(desk);
      shop.close();
    },
  },
  {
    title: 'kubectl rollout undo of a canary: promote finds nothing held, and gives back all the same',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 2);
      await held(beginCanary(desk, '1'));
      await undoByHand(desk);
      const { exitCode, outputs } = await promote(desk);
      expect([exitCode, outputs['outcome']]).toEqual([1, 'failed']);
      await expectReturned(desk, shop);
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title: 'kubectl scale of a held canary, as an autoscaler does it: both grow, and abort keeps the number',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 4);
      await held(beginCanary(desk, '1'));
      await desk.byHand.scale('web', 8);
      await eventually('nine pods', async () => (await desk.pods()).length === 9);
      expect(await shop.counts()).toMatchObject({ fewestOldReady: 4 });
      await well(abort(desk));
      await expectReturned(desk, shop);
      expect((await desk.deployment()).spec.replicas).toBe(8);
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title: 'kubectl scale of a held canary down, and promoted: as many as were asked for',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 4);
      await held(beginCanary(desk, '2'));
      await desk.byHand.scale('web', 2);
      await pause(scaled(desk, 2_000));
      await well(promote(desk, { to: 'all' }));
      await expectReturned(desk, shop);
      expect((await desk.deployment()).spec.replicas).toBe(2);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title:
      'kubectl scale of a held canary down, and promoted while the pod that leaves is still there: nothing crashed',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 4);
      await held(beginCanary(desk, '2'));
      const letGo = await keepFromVanishing(desk, await podsOf(desk, webImage('1.1')));
      try {
        await desk.byHand.scale('web', 2);
        await eventually('a pod that has ended and is still there', async () =>
          (await podsOf(desk, webImage('1.1'))).some(({ status }) => status.phase === 'Succeeded'),
        );
        await well(promote(desk, { to: 'all' }));
      } finally {
        await letGo();
      }
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: "somebody's own limits, set while a canary is held, stay; the others come back",
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      const rollingUpdate = { maxSurge: '60%', maxUnavailable: 0 };
      await desk.byHand.patch('web', { spec: { strategy: { rollingUpdate: { maxSurge: '60%' } } } });
      await well(abort(desk));
      const { maxUnavailable } = shop.before.spec.strategy.rollingUpdate ?? {};
      const strategy = { type: 'RollingUpdate', rollingUpdate: { ...rollingUpdate, maxUnavailable } };
      await expectReturned(desk, shop, { strategy });
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title:
      'kubectl set image while a canary is held: theirs stays until a release is asked for, and nothing is owed then',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      await desk.byHand.setImage('web', webImage('1.3'));
      const { exitCode } = await promote(desk);
      expect(exitCode).toBe(1);
      expect(imageOf(await desk.deployment())).toBe(webImage('1.3'));
      await well(deploy(desk, '1.2'));
      await expectReturned(desk, shop);
      await desk.answers('1.2');
      shop.close();
    },
  },
];

/** kubectl refuses to undo what is paused, so whoever wants to resumes it first. */
async function undoByHand(desk: Desk): Promise<void> {
  await desk.byHand.patch('web', { spec: { paused: null } });
  await desk.byHand.undo('web');
}

/** Also those that are about to go. */
async function podsOf(desk: Desk, image: string): Promise<readonly Pod[]> {
  const path = `/api/v1/namespaces/${desk.namespace}/pods`;
  const { items } = await desk.api.json<{ readonly items: readonly Pod[] }>({ path });
  return items.filter(({ spec }) => spec.containers.some((container) => container.image === image));
}

/** Their kubelet says for an instant how they ended, and then they are gone; this makes it last until they are let go. */
async function keepFromVanishing(desk: Desk, pods: readonly Pod[]): Promise<() => Promise<void>> {
  const finalizers = async (names: readonly string[]) => {
    for (const { metadata } of pods) {
      const path = `/api/v1/namespaces/${desk.namespace}/pods/${metadata.name}`;
      const body = { metadata: { finalizers: names } };
      await desk.api.send({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    }
  };
  await finalizers(['rollkey.test/lingers']);
  return () => finalizers([]);
}
