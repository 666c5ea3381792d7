import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Passing } from '../../sandbox/desk/checkpoint.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import {
  abort,
  beginCanary,
  type CanaryDesk,
  expectHeld,
  expectReturned,
  held,
  openCanaryDesk,
  promote,
} from './canary-desk.ts';
import { expectOneTruth } from './ledger-book.ts';
import { rollBack, type Story, well } from './story.ts';

/** What one of our requests is to the run that is killed by it. */
interface Moment {
  readonly title: string;
  /** Whether this request, by its method and the end of its path, is the last one. */
  readonly isLast: (asked: string, patches: number) => boolean;
  /** Whether it still arrives. */
  readonly arrives: boolean;
}

const moments: readonly Moment[] = [
  { title: 'noted but not begun', isLast: (asked) => asked === 'PATCH web', arrives: false },
  { title: 'growing', isLast: (asked) => asked === 'PATCH web', arrives: true },
  { title: 'grown but not held', isLast: (asked, patches) => asked === 'PATCH web' && patches === 2, arrives: false },
  { title: 'held but not noted so', isLast: (asked, patches) => asked === 'PATCH web' && patches === 2, arrives: true },
];

/** A run that is killed under way: nothing grows by itself, and the next run carries on or goes back. */
export const canaryCutOff: readonly Story[] = [
  ...moments.flatMap((moment): readonly Story[] => [
    {
      title: `a run killed with its canary ${moment.title}: the same run again comes to hold exactly as many`,
      tell: async (desk) => {
        const shop = await openCanaryDesk(desk, 3);
        await kill(desk, moment);
        await pause(200);
        await held(beginCanary(desk, '2'));
        await expectHeld(desk, { old: 3, new: 2 });
        expect(await shop.counts()).toMatchObject({ mostNew: 2, fewestOldReady: 3 });
        await well(promote(desk));
        await expectReturned(desk, shop);
        await desk.answers('1.1');
        shop.close();
      },
    },
    {
      title: `a run killed with its canary ${moment.title}: a rollback by name gives everything back`,
      tell: async (desk) => {
        const shop = await openCanaryDesk(desk, 3);
        await kill(desk, moment);
        const { outputs } = await well(rollBack(desk, '1.0'));
        expect(['succeeded', 'unchanged']).toContain(outputs['outcome']);
        await expectBack(desk, shop);
      },
    },
  ]),
  {
    title: 'a run cancelled while its canary grows: it stays as small as it is, and abort takes it back',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const stop = new AbortController();
      const kubeconfig = await desk.kubeconfigPast(({ method, path, query }) => {
        const isWrite = method === 'PATCH' && path.endsWith('/web') && !query.includes('dryRun');
        if (isWrite) setTimeout(() => stop.abort(), 5);
      });
      const inputs = {
        deployment: 'web',
        release: '1.1',
        images: 'rollkey.test/web:1.1-unready',
        canary: '1',
        kubeconfig,
      };
      const run = await desk.run('root', inputs, { cancelled: stop.signal });
      expect([run.exitCode, run.outputs['outcome']]).toEqual([1, 'cancelled']);
      await pause(200);
      await well(abort(desk));
      await expectBack(desk, shop);
    },
  },
];

async function expectBack(desk: Desk, shop: CanaryDesk): Promise<void> {
  await expectReturned(desk, shop);
  expect(await shop.counts()).toMatchObject({ fewestOldReady: 3 });
  await desk.answers('1.0');
  await expectOneTruth(desk);
  shop.close();
}

/** Begins a canary of two, and dies at a moment. */
async function kill(desk: Desk, { isLast, arrives }: Moment): Promise<void> {
  const death = new AbortController();
  let patches = 0;
  let last: Passing | undefined;
  const meet = async (passing: Passing) => {
    const { method, path, query } = passing;
    if (query.includes('dryRun')) return;
    const asked = `${method} ${path.split('/').at(-1)}`;
    if (asked === 'PATCH web') patches += 1;
    if (last === undefined && isLast(asked, patches)) {
      last = passing;
      if (arrives) return;
      death.abort();
    }
    if (!death.signal.aborted) return;
    // Long enough for the process to be gone, and its request with it.
    await pause(100);
    throw new Error('nobody is there any more');
  };
  const kubeconfig = await desk.kubeconfigPast(meet, (passing) => passing === last && death.abort());
  const killed = death.signal;
  const images = 'web=rollkey.test/web:1.1';
  const inputs = { deployment: 'web', release: '1.1', images, canary: '2', 'update-config': 'monitor: 0s', kubeconfig };
  const dead = await desk.run('root', inputs, { killed });
  if (dead.exitCode !== null) throw new Error(`was not killed:\n${dead.log}`);
}
