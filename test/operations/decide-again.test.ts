import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { roll } from '../../src/operations/roll.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { deployedIn, type GatedShop, openGatedShop, rolled } from './gate-desk.ts';
import { CRASHING, imageOf, request, V10, V11, withImage } from './shop.ts';

const imageIn = (shop: GatedShop, name = 'web') => imageOf(shop.cluster.deployment(name));
const deploy = (release: string, more = {}) => request(release, { images: `app=web:${release}`, ...more });

/** Somebody blocks a release. */
function block(shop: GatedShop, release: string): number {
  const payload = blockRecord({ release });
  return shop.gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', release), payload });
}

/** What another run does between our question and our write: it brings a release, and takes it back. */
function there(shop: GatedShop, image: string, name = 'web'): void {
  const before = imageIn(shop, name) ?? '';
  shop.cluster.change(name, (deployment) => withImage(deployment, image));
  shop.cluster.change(name, (deployment) => withImage(deployment, before));
}

describe('a run whose write was lost to somebody else', () => {
  test('asks the gate again: what was blocked meanwhile is not written', async () => {
    const shop = openGatedShop();
    let id = 0;
    shop.cluster.faults.at('patch', () => {
      id = block(shop, '1.1');
      there(shop, 'web:1.1');
    });
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({
      ...{ outcome: 'blocked', reasonCode: 'release-blocked', changed: false },
      gate: { answer: 'closed', closed: { code: 'release-blocked', id }, askedAt: expect.any(String), blocks: [] },
      workloads: [{ outcome: 'blocked', changed: false }],
    });
    expect(result.message).toBe(
      `deployment/web: 1.1 was stopped by the gate, so nothing was written: 1.1 is blocked in staging by a run of octocat: it crashes (https://github.com/octo/shop/actions/runs/4711); to lift record ${id}: gh workflow run unblock.yml -f release=1.1 -f block=${id} -f reason='…'`,
    );
    expect([imageIn(shop), deployedIn(shop.gate)]).toEqual(['web:1.0', []]);
    expect(shop.ledgers.entry('web', '1.1')?.supersededAt).toBeDefined();
  });

  test('that now cannot ask where it names an environment writes nothing either', async () => {
    const shop = openGatedShop();
    shop.cluster.faults.at('patch', () => {
      there(shop, 'web:1.1');
      shop.gate.faults.at('read', new GitHubError('unreachable', 'GitHub does not answer'), 50);
    });
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'gate-unreadable', changed: false });
    expect(result.message).toMatch(/nothing was written: whether 1\.1 is blocked could not be asked: GitHub does not/);
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('writes nothing where it is cancelled while it asks', async () => {
    const [shop, stop] = [openGatedShop(), new AbortController()];
    shop.cluster.faults.at('patch', () => {
      there(shop, 'web:0.9');
      shop.gate.faults.at('read', () => stop.abort());
    });
    const result = await rolled({ ...shop, interrupt: stop.signal }, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'cancelled', changed: false });
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('goes on where nothing was blocked', async () => {
    const shop = openGatedShop();
    shop.cluster.faults.at('patch', () => there(shop, 'web:0.9'));
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { answer: 'open' } });
    expect(imageIn(shop)).toBe('web:1.1');
  });

  test('on one workload of a train: that one is not written, and the train says so', async () => {
    const shop = openGatedShop(['web', 'api']);
    shop.cluster.faults.at('patch', () => {
      block(shop, '1.1');
      there(shop, 'web:1.1');
    });
    const refs = ['web', 'api'];
    const result = await rolled(shop, request('1.1', { images: 'web/app=web:1.1\napi/app=web:1.1', refs }));
    expect([imageIn(shop), imageIn(shop, 'api')]).toEqual(['web:1.0', 'web:1.1']);
    expect(result).toMatchObject({
      ...{ outcome: 'blocked', changed: true, gate: { answer: 'closed' } },
      workloads: [{ outcome: 'blocked', changed: false }, { outcome: 'succeeded' }],
    });
  });

  test('on one workload of a train that fails: the one command to unblock is that of the block which closes now', async () => {
    const shop = openGatedShop(['web', 'api']);
    shop.cluster.faults.at('patch', () => {
      block(shop, '1.1');
      there(shop, 'web:1.1');
    });
    shop.cluster.broken.set('web:bad', CRASHING);
    shop.cluster.idle.add('api');
    const images = 'web/app=web:1.1\napi/app=web:bad';
    const wanted = request('1.1', { refs: ['web', 'api'], images, environment: 'production', runId: '17' });
    const rolling = roll(shop, wanted);
    await shop.clock.advance(2_000);
    shop.cluster.idle.delete('api');
    shop.cluster.change('api', (deployment) => deployment);
    for (let second = 0; second < 60; second++) await shop.clock.advance(1_000);
    const result = await rolling;
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      workloads: [{ outcome: 'blocked', message: expect.stringContaining('1.1 is blocked in staging') }, {}],
      gate: { blocks: [{ release: '1.1', state: 'written' }] },
    });
    const commands = formatSummary(result).match(/gh workflow run unblock\.yml[^\n]*-f block=\d+/g);
    expect(commands).toEqual([expect.stringContaining(`-f block=${result.gate.blocks[0]?.id}`)]);
  });

  test('of a train that fails meanwhile: the way back waits for no answer, and nothing is written after it', async () => {
    const shop = openGatedShop(['web', 'api']);
    shop.cluster.broken.set('web:bad', CRASHING);
    const read: typeof shop.gate.read = async (...asked) => {
      if (isSlow) await shop.clock.sleep(30_000, asked[2]);
      return shop.gate.read(...asked);
    };
    let isSlow = false;
    shop.cluster.faults.at('patch', () => {
      there(shop, 'web:1.1');
      isSlow = true;
    });
    const images = 'web/app=web:1.1\napi/app=web:bad';
    const wanted = request('1.1', { refs: ['web', 'api'], images, environment: 'production' });
    const rolling = roll({ ...shop, gate: { ...shop.gate, read } }, wanted);
    await shop.clock.advance(5_000);
    expect([imageIn(shop, 'web'), imageIn(shop, 'api')]).toEqual(['web:1.0', 'web:1.0']);
    for (let second = 0; second < 60; second++) await shop.clock.advance(1_000);
    const { workloads } = await rolling;
    expect(workloads.map(({ outcome, changed }) => [outcome, changed])).toEqual([
      ['failed', false],
      ['rolled-back', true],
    ]);
  });

  test('that rolls back does not ask again: GitHub must not hold it up twice', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.faults.at('patch', () => {
      there(shop, 'web:x');
      shop.gate.faults.at('read', new GitHubError('unreachable', 'GitHub does not answer'), 50);
    });
    const result = await rolled(shop, request('1.0', { requested: 'rollback', blockOnRollback: false }));
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { answer: 'open', warnings: [] } });
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('that restarts what runs well is not asked about, blocked or not', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.faults.at('patch', () => {
      block(shop, '1.1');
      shop.cluster.change('web', ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, replicas: 4 } }));
    });
    const result = await rolled(shop, request('1.1', { requested: 'redeploy', environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'redeploy' });
  });
});
