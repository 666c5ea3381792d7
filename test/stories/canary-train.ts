import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { beginCanary, expectReturned, held, openCanaryDesk, promote } from './canary-desk.ts';
import { imageOf, type Story, well } from './story.ts';

const [web, api] = ['web', 'api'];

/** Several workloads with canaries of one release. */
export const canaryTrain: readonly Story[] = [
  {
    title: 'a train of two canaries: held together, promoted together',
    tell: async (desk) => {
      const [shop, other] = await Promise.all([openCanaryDesk(desk, 3, web), openCanaryDesk(desk, 2, api)]);
      const deployment = `${web}, ${api}`;
      const { outputs } = await held(beginCanary(desk, '1', { deployment }));
      expect(JSON.parse(outputs['result'] ?? '').workloads).toHaveLength(2);
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3, last: { new: { ready: 1 } } });
      expect(await other.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 2, last: { new: { ready: 1 } } });
      const promoted = await well(promote(desk, { deployment }));
      expect(promoted.outputs['outcome']).toBe('succeeded');
      for (const each of [shop, other]) await expectReturned(desk, each);
      await desk.answers('1.1', web);
      await desk.answers('1.1', api);
      for (const each of [shop, other]) each.close();
    },
  },
  {
    title: 'a train of two canaries of which one crashes: both go back, and nothing of either is owed',
    tell: async (desk) => {
      const [shop, other] = await Promise.all([openCanaryDesk(desk, 2, web), openCanaryDesk(desk, 2, api)]);
      const images = `web/web=${webImage('1.1')}\napi/web=${webImage('1.1', 'crash')}`;
      const inputs = { deployment: `${web}, ${api}`, images, 'fail-fast': 'strict' };
      const { exitCode, outputs } = await beginCanary(desk, '1', inputs);
      expect([exitCode, outputs['outcome']]).toEqual([1, 'rolled-back']);
      for (const each of [shop, other]) {
        await expectReturned(desk, each);
        expect(await each.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 2 });
        expect(imageOf(await desk.deployment(each.before.metadata.name))).toBe(webImage('1.0'));
        each.close();
      }
    },
  },
];
