import { describe, expect, test } from '@jest/globals';
import { ClusterError, GitHubError } from '../../src/errors.ts';
import { recordDeployed } from '../../src/operations/record-deployed.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Outcome, WorkloadResult } from '../../src/result.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { sampleResult, sampleWorkload } from '../report/sample.ts';
import { deployedIn, type GatedShop, openGatedShop, rolled } from './gate-desk.ts';
import { CRASHING, POLICY, request, V10, V11 } from './shop.ts';

const STAGING = { environment: 'staging', runId: '17', runUrl: 'https://github.com/octo/shop/actions/runs/17' };
const deploy = (release: string, more: Partial<Omit<TrainRequest, 'images' | 'refs'>> = {}) =>
  request(release, { ...STAGING, ...more, images: `app=web:${release}` });

describe('what runs once a run has ended', () => {
  test('a deploy: the release, verified', async () => {
    const shop = openGatedShop();
    await rolled(shop, deploy('1.1', { reason: 'new prices' }));
    expect(deployedIn(shop.gate)).toEqual([
      {
        ...{ v: 1, kind: 'release-deployed', release: '1.1', scope: 'default', ...STAGING },
        ...{ outcome: 'succeeded', mode: 'deploy', running: '1.1', verified: true, blocks: [], reason: 'new prices' },
        ...{ actor: 'octocat', at: expect.any(String), namespace: 'shop', workloads: ['deployment/web'] },
      },
    ]);
    expect(shop.gate.appended()).toMatchObject([{ environment: 'staging', task: 'release-deploy:default' }]);
  });

  test('an automatic rollback: where it went back to, verified, and what it blocked', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.broken.set('web:1.2', CRASHING);
    const { gate } = await rolled(shop, deploy('1.2'));
    expect(deployedIn(shop.gate)).toMatchObject([
      {
        ...{ outcome: 'rolled-back', release: '1.2', running: '1.1', verified: true },
        blocks: [{ id: gate.blocks[0]?.id, release: '1.2' }],
      },
    ]);
  });

  test('nothing changed: it runs verified all the same', async () => {
    const shop = openGatedShop();
    await rolled(shop, request('1.0', { ...STAGING, requested: 'rollback' }));
    expect(deployedIn(shop.gate)).toMatchObject([{ outcome: 'unchanged', running: '1.0', verified: true }]);
  });

  test('without pods nothing is verified', async () => {
    const shop = openGatedShop();
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 0 } }));
    await rolled(shop, deploy('1.1'));
    expect(deployedIn(shop.gate)).toMatchObject([{ outcome: 'succeeded', running: '1.1', verified: false }]);
  });

  test.each<readonly [string, (shop: GatedShop) => Promise<unknown>]>([
    ['without an environment', (shop) => rolled(shop, deploy('1.1', { environment: '' }))],
    ['a refused run', (shop) => rolled(shop, request('9.9', { ...STAGING, requested: 'rollback' }))],
    [
      'a run that the gate stopped',
      (shop) => {
        shop.gate.faults.at('read', new GitHubError('unreachable', 'away'));
        return rolled(shop, deploy('1.1'));
      },
    ],
    [
      'a patch that was refused',
      (shop) => {
        shop.cluster.faults.at('patch', new ClusterError('forbidden', 'no right to patch'));
        return rolled(shop, deploy('1.1'));
      },
    ],
    [
      'a run that was cancelled before it wrote',
      (shop) => rolled({ ...shop, interrupt: AbortSignal.abort() }, deploy('1.1')),
    ],
  ])('%s: nothing is recorded', async (_, run) => {
    const shop = openGatedShop();
    await run(shop).catch(() => {});
    expect(deployedIn(shop.gate)).toEqual([]);
  });

  test('a failure that nobody undid: it runs, and not well', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.broken.set('web:1.2', CRASHING);
    await rolled(shop, deploy('1.2', { update: { failureAction: 'continue', policy: POLICY }, timeoutMs: 20_000 }));
    expect(deployedIn(shop.gate)).toMatchObject([{ running: '1.2', verified: false, blocks: [] }]);
  });
});

describe('what a result tells of it', () => {
  const back = (to: string, state: 'done' | 'unhealed' | 'failed') => ({
    rollback: { to, state, message: '', seconds: 1 },
  });

  test.each<readonly [Outcome, readonly Partial<WorkloadResult>[], string, boolean]>([
    ['paused', [{ outcome: 'paused' }], '', false],
    ['superseded', [{ outcome: 'superseded' }], '', false],
    ['cancelled', [{ outcome: 'cancelled' }], '', false],
    ['failed', [{ outcome: 'failed' }], '1.4.2', false],
    ['timed-out', [{ outcome: 'timed-out' }], '1.4.2', false],
    // A check that cannot tell: the workloads are well, the run is not.
    ['failed', [{ outcome: 'succeeded', reasonCode: 'rolled-out' }], '1.4.2', false],
    ['failed', [{ outcome: 'failed' }, { outcome: 'failed', changed: false, previousRelease: '1.4.1' }], '', false],
    ['rolled-back', [back('1.4.1', 'done'), back('1.4.1', 'done')], '1.4.1', true],
    ['rolled-back', [back('1.4.1', 'done'), back('1.4.0', 'done')], '', false],
    ['rollback-failed', [back('1.4.1', 'unhealed')], '1.4.1', false],
    ['rollback-failed', [back('1.4.1', 'failed')], '', false],
    // It saw a rollout to its bad end that another run had begun.
    ['rolled-back', [{ ...back('1.4.1', 'done'), changed: false }], '1.4.1', true],
  ])('%s %j: runs %j, verified %j', async (outcome, workloads, running, verified) => {
    const gate = createMemoryGate();
    const result = sampleResult({
      outcome,
      changed: workloads.some(({ changed = true }) => changed),
      workloads: workloads.map((each) => sampleWorkload({ changed: true, ...each })),
    });
    const { clock, log, interrupt } = openGatedShop();
    expect(await recordDeployed({ gate, clock, log, interrupt }, request('1.4.2', STAGING), result, [])).toEqual([]);
    expect(deployedIn(gate)).toMatchObject([{ outcome, running, verified }]);
  });
});

describe('a gate that takes no record', () => {
  test('is a warning with what to do; the rollout has ended all the same', async () => {
    const shop = openGatedShop();
    shop.gate.faults.at('append', new GitHubError('forbidden', 'add `permissions: { deployments: write }`'));
    const { outcome, gate } = await rolled(shop, deploy('1.1'));
    expect([outcome, gate.warnings]).toEqual([
      'succeeded',
      ['what runs in staging now is not recorded at the gate: add `permissions: { deployments: write }`'],
    ]);
  });

  test('is not waited for longer than 20 s', async () => {
    const shop = openGatedShop();
    const gate = { ...shop.gate, append: () => new Promise<never>(() => {}) };
    const begin = shop.clock.now();
    let ended = 0;
    const rolling = roll({ ...shop, gate }, deploy('1.1')).finally(() => {
      ended = shop.clock.now();
    });
    for (let count = 0; count < 60; count++) await shop.clock.advance(1_000);
    const { gate: report } = await rolling;
    expect(report.warnings).toEqual([expect.stringContaining('GitHub did not answer within 20 s')]);
    expect(ended - begin).toBeGreaterThanOrEqual(20_000);
    expect(ended - begin).toBeLessThan(24_000);
  });

  test('is given up by a run that is cancelled meanwhile, and the warning does not say that it took longer', async () => {
    const shop = openGatedShop();
    const gate = { ...shop.gate, append: () => new Promise<never>(() => {}) };
    const cancel = new AbortController();
    const rolling = roll({ ...shop, gate, interrupt: cancel.signal }, deploy('1.1'));
    for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
    cancel.abort();
    for (let count = 0; count < 3; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({
      outcome: 'succeeded',
      gate: { warnings: [expect.stringMatching(/: GitHub did not answer before the run was cancelled$/)] },
    });
  });
});
