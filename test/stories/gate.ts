import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { ending, errorOf, type GateDesk, gateStory } from './gate-desk.ts';
import { imageOf, type Story, well } from './story.ts';

const blocked = [1, 'blocked', 'release-blocked'];
const stopped = [1, 'false', 'release-blocked'];
const passes = [0, 'true', 'open'];

/** Staging and production run 1.0, which Rollkey brought to both. */
async function twoEnvironments({ desk, deploy }: GateDesk): Promise<void> {
  await Promise.all(['staging', 'production'].map((name) => desk.install({ name, image: webImage('0.9') })));
  await well(deploy('staging', '1.0'));
  await well(deploy('production', '1.0'));
}

async function production(at: GateDesk, ...releases: readonly string[]): Promise<void> {
  await at.desk.install({ name: 'production', image: webImage('0.9') });
  for (const release of releases) await well(at.deploy('production', release));
}

export const gate: readonly Story[] = [
  gateStory('rolled back in staging, stopped before production, unblocked, passes', async (at) => {
    const { desk, deploy, deployBad, run, records } = at;
    await twoEnvironments(at);
    const bad = await deployBad('staging', '1.1');
    expect(ending(bad)).toEqual([1, 'rolled-back', 'container-not-started']);
    expect(bad.outputs['blocked-release']).toBe('1.1');
    await desk.answers('1.0', 'staging');
    const [record] = records();
    expect(records()).toHaveLength(1);
    expect(record?.payload).toMatchObject({ kind: 'release-block', release: '1.1', environment: 'staging' });
    expect(record?.statuses[0]).toMatchObject({ state: 'failure', logUrl: expect.stringContaining('/runs/4713') });
    const lift = `gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=${record?.id} -f reason=`;
    expect(bad.summary).toContain(lift);

    const asked = await run('gate', { release: '1.1', environment: 'production', after: 'staging' });
    expect(ending(asked)).toEqual(stopped);
    expect(asked.outputs).toMatchObject({ block: String(record?.id), 'blocked-by': 'octocat' });
    expect(asked.summary).toMatch(/^### Stopped: release `1\.1` may not enter `production`/);
    for (const told of [lift, '/runs/4713']) expect(asked.summary).toContain(told);
    const entered = await deploy('production', '1.1');
    expect(ending(entered)).toEqual(blocked);
    expect(entered.summary).toContain(lift);
    expect(imageOf(await desk.deployment('production'))).toBe(webImage('1.0'));
    // The release that staging went back to is as good as ever.
    expect(ending(await run('gate', { release: '1.0', environment: 'production', after: 'staging' }))).toEqual(passes);

    const reason = 'the image was built anew';
    await well(run('unblock', { release: '1.1', reason, block: String(record?.id) }));
    expect(ending(await run('gate', { release: '1.1', environment: 'production' }))).toEqual(passes);
    await well(deploy('production', '1.1'));
    await desk.answers('1.1', 'production');
    expect(records().map(({ payload }) => [payload.kind, payload.release])).toEqual([
      ['release-block', '1.1'],
      ['release-unblock', '1.1'],
    ]);
  }),
  gateStory(
    'a rollback by name needs no promotion, blocks what it leaves, and never goes to what is blocked',
    async (at) => {
      const { desk, rollBack, run, records } = at;
      await production(at, '1.0', '1.1');
      // It was never in staging.
      const asked = await run('gate', { release: '1.0', environment: 'production', after: 'staging', soak: '1h' });
      expect(ending(asked)).toEqual([1, 'false', 'not-verified']);
      const back = await well(rollBack('production', '1.0', { reason: 'it leaks' }));
      expect(back.outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', 'blocked-release': '1.1' });
      await desk.answers('1.0', 'production');
      expect(records().map(({ payload }) => [payload.release, payload.reason])).toEqual([['1.1', 'it leaks']]);
      expect(ending(await rollBack('production', '1.1'))).toEqual(blocked);
      await desk.answers('1.0', 'production');
      expect(records()).toHaveLength(1);
    },
  ),
  gateStory(
    'a release that is blocked from staging and goes on in production is blocked there, too, whatever letters name it',
    async (at) => {
      const { run, records } = at;
      await production(at, '1.0', '1.1');
      await well(run('block', { release: '1.1', environment: 'staging', reason: 'it leaks' }));
      expect(ending(await run('gate', { release: '1.1', environment: 'Production' }))).toEqual(passes);
      const again = await well(
        run('block', { release: '1.1', environment: 'PRODUCTION', reason: 'it corrupts orders' }),
      );
      expect(again.outputs['changed']).toBe('true');
      expect(records().map(({ payload }) => payload.reason)).toEqual(['it leaks', 'it corrupts orders']);
      expect(ending(await run('gate', { release: '1.1', environment: 'production' }))).toEqual(stopped);
      const block = again.outputs['block'] ?? '';
      await well(run('unblock', { release: '1.1', reason: 'it was the orders', block }));
      expect(ending(await run('gate', { release: '1.1', environment: 'production' }))).toEqual(passes);
    },
  ),
  gateStory('a rollback without a name passes over what is blocked', async (at) => {
    const { desk, rollBack, run, records } = at;
    await production(at, '1.0', '1.1', '1.2');
    await well(run('block', { release: '1.1', reason: 'it leaks' }));
    const back = await well(rollBack('production', ''));
    expect(back.outputs).toMatchObject({ outcome: 'succeeded', release: '1.0', 'blocked-release': '1.2' });
    await desk.answers('1.0', 'production');
    expect(records().map(({ payload }) => payload.release)).toEqual(['1.1', '1.2']);
  }),
  gateStory('an automatic rollback passes over what is blocked, too', async (at) => {
    const { desk, deployBad, run, records } = at;
    await production(at, '1.0', '1.1');
    await well(run('block', { release: '1.1', reason: 'it leaks' }));
    const bad = await deployBad('production', '1.2');
    expect(ending(bad)).toEqual([1, 'rolled-back', 'container-not-started']);
    expect(bad.outputs).toMatchObject({ 'rolled-back-to': '1.0', 'blocked-release': '1.2' });
    await desk.answers('1.0', 'production');
    expect(records().map(({ payload }) => payload.release)).toEqual(['1.1', '1.2']);
  }),
  gateStory('a planned downgrade, and a bad release, block nothing with block-on-rollback: false', async (at) => {
    const { desk, deployBad, rollBack, run, records } = at;
    const unblocked = { 'block-on-rollback': 'false' };
    await production(at, '1.0', '1.1');
    const back = await well(rollBack('production', '1.0', unblocked));
    expect(back.outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', 'blocked-release': '' });
    const bad = await deployBad('production', '1.2', unblocked);
    expect(ending(bad)).toEqual([1, 'rolled-back', 'container-not-started']);
    await desk.answers('1.0', 'production');
    expect(records()).toEqual([]);
    for (const release of ['1.1', '1.2'])
      expect(ending(await run('gate', { release, environment: 'other' }))).toEqual(passes);
  }),
  gateStory('what failed is blocked and what was restored is not, also when it is deployed again', async (at) => {
    const { desk, deploy, deployBad, run, records } = at;
    await production(at, '1.0');
    await deployBad('production', '1.1');
    const again = await well(deploy('production', '1.0'));
    expect(again.outputs).toMatchObject({ release: '1.0', 'blocked-release': '' });
    await desk.answers('1.0', 'production');
    expect(records().map(({ payload }) => payload.release)).toEqual(['1.1']);
    expect(ending(await run('gate', { release: '1.0', environment: 'next' }))).toEqual(passes);
    expect(ending(await run('gate', { release: '1.1', environment: 'next' }))).toEqual(stopped);
  }),
  gateStory('the re-run of an old job, and of an old unblock, change nothing about a newer block', async (at) => {
    const { deployBad, deploy, run, records } = at;
    await twoEnvironments(at);
    await deployBad('staging', '1.1');
    const [first] = records();
    const unblock = { release: '1.1', reason: 'try it once more' };
    await well(run('unblock', { ...unblock, block: String(first?.id) }));
    await deployBad('staging', '1.1');
    const [, , newer] = records();
    const rerun = { environment: { GITHUB_RUN_ATTEMPT: '2' } };
    const refused = await run('unblock', { ...unblock, block: String(first?.id) }, rerun);
    expect(refused.exitCode).toBe(1);
    expect(errorOf(refused)).toContain(String(newer?.id));
    expect((await run('unblock', unblock, rerun)).exitCode).toBe(1);
    expect(ending(await deploy('production', '1.1', {}, rerun))).toEqual(blocked);
    expect(records()).toHaveLength(3);
  }),
];
