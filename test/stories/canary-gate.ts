import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectHeld, held, readCanary } from './canary-desk.ts';
import { ending, type GateDesk, gateStory } from './gate-desk.ts';
import { imageOf, type Story, well } from './story.ts';

const canary = { canary: '1' };
const beforeProduction = { release: '1.1', environment: 'production', after: 'staging' };

/** Two pods of 1.0 in staging, and a canary of 1.1 held beside them. */
async function heldInStaging({ desk, deploy }: GateDesk): Promise<void> {
  await desk.install({ name: 'staging', image: webImage('0.9') });
  await well(deploy('staging', '1.0'));
  await held(deploy('staging', '1.1', canary));
}

/** What the promotion gate makes of canaries. */
export const canaryGate: readonly Story[] = [
  gateStory('a canary that is held was not seen well in its environment; promoted, it was', async (at) => {
    await heldInStaging(at);
    expect(ending(await at.run('gate', beforeProduction))).toEqual([1, 'false', 'not-verified']);
    await well(at.decide('promote', 'staging'));
    expect(ending(await at.run('gate', beforeProduction))).toEqual([0, 'true', 'open']);
    expect(at.records()).toEqual([]);
  }),
  gateStory('a canary that was aborted may enter no further environment', async (at) => {
    await heldInStaging(at);
    const { outputs } = await well(at.decide('abort', 'staging', { reason: 'it is slow' }));
    expect(outputs).toMatchObject({ outcome: 'aborted', 'blocked-release': '1.1' });
    expect(at.records().map(({ payload }) => [payload.release, payload.reason])).toEqual([['1.1', 'it is slow']]);
    expect(ending(await at.run('gate', { release: '1.1', environment: 'production' }))).toEqual([
      1,
      'false',
      'release-blocked',
    ]);
    await at.desk.answers('1.0', 'staging');
  }),
  gateStory('a canary aborted with block-on-rollback: false blocks nothing', async (at) => {
    await heldInStaging(at);
    const { outputs } = await well(at.decide('abort', 'staging', { 'block-on-rollback': 'false' }));
    expect(outputs).toMatchObject({ outcome: 'aborted', 'blocked-release': '' });
    expect(at.records()).toEqual([]);
  }),
  gateStory(
    'a release that is blocked while its canary is held goes no further, and can still be aborted',
    async (at) => {
      await heldInStaging(at);
      await well(at.run('block', { release: '1.1', reason: 'it leaks' }));
      for (const going of [at.decide('promote', 'staging'), at.deploy('staging', '1.1', canary)])
        expect(ending(await going)).toEqual([1, 'blocked', 'release-blocked']);
      await expectHeld(at.desk, { old: 2, new: 1 }, 'staging');
      await well(at.decide('abort', 'staging'));
      expect(imageOf(await at.desk.complete('staging'))).toBe(webImage('1.0'));
      expect(await readCanary(at.desk, 'staging')).toBeUndefined();
    },
  ),
];
