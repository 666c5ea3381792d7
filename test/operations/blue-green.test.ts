import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import type { Check } from '../../src/ports.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { quotaOf } from '../rollout/neighbour.ts';
import { deploy, openTwoColours, pairRequest, rollBack, run, scale, standing } from './blue-green-shop.ts';
import { blocksIn, deployedIn } from './gate-desk.ts';
import { putBlock } from './gate-sample.ts';
import { CONTINUE, CRASHING, imageOf, POLICY, withImage } from './shop.ts';

const away = new ClusterError('unreachable', 'cluster https://x: connection refused');
const failing: Check = {
  ...{ name: 'smoke', early: false, intervalMs: 1_000, threshold: 1 },
  look: async () => ({ state: 'fail', message: '500' }),
};
const doubtful: Check = { ...failing, look: async () => ({ state: 'inconclusive', message: 'no data' }) };

describe('forward', () => {
  test('onto the idle colour, with the pods that the live one has, and then the Service is switched once', async () => {
    const shop = await openTwoColours();
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'deploy', previousRelease: '1.0', changed: true });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-green' });
    expect(shop.services.selectors('web')).toHaveLength(2);
    expect(shop.ledgers.entry('site-green', '1.1')).toHaveProperty('verifiedAt');
    expect(shop.ledgers.entry('site-blue', '1.0')).toMatchObject({ verifiedAt: '2026-11-21T10:01:00.000Z' });
    expect(result.blueGreen).toMatchObject({
      switched: 'yes',
      live: { workload: 'deployment/site-green', release: '1.1', pods: 2 },
      idle: { workload: 'deployment/site-blue', release: '1.0', pods: 2 },
    });
  });

  test('the intent stands in the ledger before the write, and the Service waits until the colour is well', async () => {
    const shop = await openTwoColours();
    shop.cluster.faults.at('patch', () => {
      expect(shop.ledgers.entry('site-green', '1.1')).toMatchObject({ mode: 'deploy', images: { app: 'web:1.1' } });
    });
    shop.services.faults.at('patch', () => {
      expect(shop.cluster.deployment('site-green').status?.availableReplicas).toBe(2);
      expect(shop.ledgers.entry('site-green', '1.1')).not.toHaveProperty('verifiedAt');
    });
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded' });
  });

  test('forth and back between the colours, each release known wherever it was', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    expect(standing(shop)).toEqual({ blue: 'web:1.2 x2', green: 'web:1.1 x2', selects: 'site-blue' });
    const back = await rollBack(shop, '1.1');
    expect(back).toMatchObject({ outcome: 'succeeded', mode: 'rollback', previousRelease: '1.2', release: '1.1' });
    expect(standing(shop)).toEqual({ blue: 'web:1.2 x2', green: 'web:1.1 x2', selects: 'site-green' });
    expect(shop.ledgers.entry('site-blue', '1.2')).toHaveProperty('rolledBackAt');
    const further = await rollBack(shop, '');
    expect(further).toMatchObject({ outcome: 'succeeded', release: '1.0', previousRelease: '1.1' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('a release that only the live colour knows comes over with its template', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    await deploy(shop, '1.3');
    // 1.3 is on green, which knows 1.1; blue knows 1.0 and 1.2.
    const back = await rollBack(shop, '1.1');
    expect(back).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(standing(shop)).toEqual({ blue: 'web:1.1 x2', green: 'web:1.3 x2', selects: 'site-blue' });
    expect(shop.cluster.deployment('site-blue').spec.template.metadata?.labels).toEqual({ app: 'site-blue' });
    expect(back.workloads[0]?.warnings.join()).toContain('come from deployment/site-green');
  });

  test('already on the idle colour: switched to, with a warning', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    await rollBack(shop, '1.0');
    const again = await deploy(shop, '1.1');
    expect(again).toMatchObject({ outcome: 'succeeded', mode: 'deploy' });
    expect(again.workloads[0]?.warnings.join()).toContain('1.1 is on deployment/site-green already');
    expect(standing(shop).selects).toBe('site-green');
  });

  test('the live release again: restarted where it is, with a warning', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    const again = await deploy(shop, '1.1');
    expect(again).toMatchObject({ outcome: 'succeeded', mode: 'redeploy' });
    expect(again.workloads[0]).toMatchObject({ workload: 'deployment/site-green' });
    const warning = expect.stringMatching(/^its pods are restarted while they serve/);
    expect(again.workloads[0]?.warnings).toEqual([warning]);
    expect(shop.log.infos.filter((line) => line.startsWith('redeploy 1.1: '))).toHaveLength(1);
    expect(standing(shop).selects).toBe('site-green');
  });
});

describe('back by name', () => {
  test('while the colour is up: one write, to the Service', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    const { generation } = shop.cluster.deployment('site-blue').metadata;
    const result = await rollBack(shop, '1.0');
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'rollback', release: '1.0', previousRelease: '1.1' });
    expect(shop.cluster.deployment('site-blue').metadata.generation).toBe(generation);
    expect(standing(shop).selects).toBe('site-blue');
  });

  test('without pods: these come first', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1', { scaleDownDelayMs: 5_000 });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x0', green: 'web:1.1 x2', selects: 'site-green' });
    shop.services.faults.at('patch', () => {
      expect(shop.cluster.deployment('site-blue').status?.availableReplicas).toBe(2);
    });
    expect(await rollBack(shop, '1.0')).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' });
  });

  test('whose pods do not come: nothing is switched, and nothing is left', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1', { scaleDownDelayMs: 0 });
    shop.cluster.broken.set('web:1.0', CRASHING);
    const result = await rollBack(shop, '1.0');
    expect(result).toMatchObject({ outcome: 'failed', mode: 'rollback', blueGreen: { switched: 'no' } });
    expect(standing(shop).selects).toBe('site-green');
    expect(shop.ledgers.entry('site-green', '1.1')).not.toHaveProperty('rolledBackAt');
  });

  test('to a release that neither colour knows: refused', async () => {
    const shop = await openTwoColours();
    const result = await rollBack(shop, '0.7');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'release-unknown' });
    expect(result.message).toContain('known: 1.0');
    expect(shop.services.selectors('web')).toHaveLength(1);
  });
});

describe('a bad release', () => {
  test('before the switch: never switched, blocked, and the idle colour has again what it had', async () => {
    const shop = await openTwoColours();
    shop.cluster.broken.set('web:1.1', CRASHING);
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(result.message).toContain('was never switched, 1.0 on deployment/site-blue served all the time');
    expect(result.workloads[0]?.evidence).toBeDefined();
    expect(shop.services.selectors('web')).toHaveLength(1);
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.0 x0', selects: 'site-blue' });
    expect(shop.ledgers.entry('site-green', '1.1')).toHaveProperty('failedAt');
    expect(result.blueGreen).toMatchObject({ switched: 'no', live: { release: '1.0' }, idle: { pods: 0 } });
  });

  test('before the switch, and nothing is to be done: it stays where it serves nobody', async () => {
    const shop = await openTwoColours();
    shop.cluster.broken.set('web:1.1', CRASHING);
    const update = { failureAction: 'pause', policy: POLICY } as const;
    const result = await deploy(shop, '1.1', { update });
    expect(result).toMatchObject({ outcome: 'failed', rolledBackTo: '', blueGreen: { idle: { before: '1.0' } } });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' });
  });

  test('after the switch: switched back by itself', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => shop.cluster.crash('site-green', CRASHING));
    const result = await deploy(shop, '1.1', {
      update: { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } },
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(result.message).toContain('was switched back to deployment/site-blue (1.0)');
    expect(shop.services.selectors('web').map(({ app }) => app)).toEqual(['site-blue', 'site-green', 'site-blue']);
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.0 x0', selects: 'site-blue' });
    expect(result.blueGreen).toMatchObject({ switched: 'back', live: { workload: 'deployment/site-blue' } });
  });

  test('after the switch: users are back before anybody looks why', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => shop.cluster.crash('site-green', CRASHING));
    let selectedThen = '';
    shop.cluster.faults.at('events', () => {
      selectedThen = standing(shop).selects;
    });
    const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } } as const;
    const result = await deploy(shop, '1.1', { update });
    expect(selectedThen).toBe('site-blue');
    expect(result.workloads[0]?.evidence).toBeDefined();
  });

  test('by its checks after the switch: switched back', async () => {
    const shop = await openTwoColours();
    const checks = async ({ release }: { release: string }) => (release === '1.1' ? [failing] : []);
    const result = await deploy(shop, '1.1', { checks });
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(standing(shop).selects).toBe('site-blue');
  });

  test('by its checks before the switch: never switched', async () => {
    const shop = await openTwoColours();
    const result = await deploy(shop, '1.1', { previewChecks: async () => [failing] });
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'check-failed' });
    expect(shop.services.selectors('web')).toHaveLength(1);
  });

  test('what a check cannot tell before the switch is no reason to switch, nor to take anything back', async () => {
    const shop = await openTwoColours();
    const result = await deploy(shop, '1.1', { previewChecks: async () => [doubtful] });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'check-inconclusive' });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' });
  });

  test('and nothing is to be done about failures: it goes on serving', async () => {
    const shop = await openTwoColours();
    const result = await deploy(shop, '1.1', { update: CONTINUE, checks: async () => [failing] });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'check-failed' });
    expect(standing(shop).selects).toBe('site-green');
  });

  test('back on a colour whose pods somebody took: these come first', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => {
      scale(shop, 'site-blue', 0);
      shop.cluster.crash('site-green', CRASHING);
    });
    const result = await deploy(shop, '1.1', {
      update: { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } },
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('back to what served, though no run of ours had seen it to its end', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1', { checks: async () => [doubtful] });
    expect(shop.ledgers.entry('site-green', '1.1')).not.toHaveProperty('verifiedAt');
    const checks = async ({ release }: { release: string }) => (release === '1.2' ? [failing] : []);
    expect(await deploy(shop, '1.2', { checks })).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
    expect(standing(shop).selects).toBe('site-green');
  });

  test('no way back where somebody changed the old colour: it stays, and the result says so', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => {
      shop.cluster.crash('site-green', CRASHING);
      shop.cluster.change('site-blue', (each) => withImage(each, 'web:0.9'));
    });
    const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } } as const;
    const result = await deploy(shop, '1.1', { update });
    expect(result).toMatchObject({ outcome: 'rollback-failed', rolledBackTo: '' });
    expect(result.message).toContain('somebody else changed the template of deployment/site-blue');
    expect(result.blueGreen).toMatchObject({
      switched: 'yes',
      live: { workload: 'deployment/site-green', release: '1.1' },
    });
    expect(standing(shop).selects).toBe('site-green');
  });

  test('an API that is away does not keep it there', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => {
      shop.cluster.crash('site-green', CRASHING);
      shop.services.faults.at('patch', away, 2);
    });
    const result = await deploy(shop, '1.1', {
      update: { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } },
    });
    expect(result).toMatchObject({ outcome: 'rolled-back' });
    expect(standing(shop).selects).toBe('site-blue');
  });
});

describe('a preview Service', () => {
  const preview = { namespace: 'shop', name: 'preview' };

  test('is pointed at the idle colour before it is asked', async () => {
    const shop = await openTwoColours();
    shop.services.install('preview', { app: 'site-blue' });
    const previewChecks = async () => {
      expect(shop.services.selector('preview')).toEqual({ app: 'site-green' });
      expect(shop.services.selector('web')).toEqual({ app: 'site-blue' });
      return [];
    };
    expect(await deploy(shop, '1.1', { preview, previewChecks })).toMatchObject({ outcome: 'succeeded' });
    expect(shop.services.selectors('preview')).toHaveLength(2);
  });

  test('that does not tell the colours apart is refused', async () => {
    const shop = await openTwoColours();
    shop.services.install('preview', { tier: 'front' });
    const result = await deploy(shop, '1.1', { preview });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused' });
    expect(result.message).toContain('service shop/preview cannot preview deployment/site-green');
  });
});

describe('the colour that was left', () => {
  test('keeps its pods as long as nobody asks for them', async () => {
    const shop = await openTwoColours();
    const result = await deploy(shop, '1.1');
    expect(result.blueGreen?.remark).toContain('site-blue keeps its pods (2)');
  });

  test('gives them up after its delay, noted before', async () => {
    const shop = await openTwoColours();
    shop.cluster.faults.at('patch', () => {});
    shop.cluster.faults.at('patch', () => {
      expect(shop.ledgers.ledger('site-blue').retiring).toBeDefined();
    });
    const result = await deploy(shop, '1.1', { scaleDownDelayMs: 5_000 });
    expect(result.blueGreen).toMatchObject({ idle: { workload: 'deployment/site-blue', pods: 0 } });
    expect(result.blueGreen?.remark).toContain('a rollback to what it has starts them first');
    expect(shop.ledgers.ledger('site-blue').retiring).toBeUndefined();
    expect(shop.log.infos).toContain('deployment/site-blue: its pods are taken');
  });

  test('keeps them where the run is cancelled before; the same release again takes them, and restarts nothing', async () => {
    const shop = await openTwoColours();
    const interrupt = new AbortController();
    const first = deploy({ ...shop, interrupt: interrupt.signal }, '1.1', { scaleDownDelayMs: 60_000 });
    await shop.clock.advance(5_000);
    interrupt.abort();
    const cancelled = await first;
    expect(cancelled.outcome).toBe('succeeded');
    expect(cancelled.workloads[0]?.warnings.join()).toContain('the next run takes them');
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-green' });
    const { generation } = shop.cluster.deployment('site-green').metadata;
    const next = await run(shop, pairRequest('1.1'), 90);
    expect(next).toMatchObject({ outcome: 'unchanged', release: '1.1' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x0', selects: 'site-green' });
    expect(shop.cluster.deployment('site-green').metadata.generation).toBe(generation);
  });

  test('is left alone where somebody switched the Service meanwhile', async () => {
    const shop = await openTwoColours();
    const running = deploy(shop, '1.1', { scaleDownDelayMs: 10_000 });
    await shop.clock.advance(5_000);
    shop.services.install('web', { app: 'site-blue' });
    expect((await running).outcome).toBe('succeeded');
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2' });
  });
});

describe('somebody else', () => {
  test.each([
    [{ app: 'other' }, 'selects the pods of neither'],
    [{}, 'has no selector'],
  ])('a selector %j: refused, nothing touched', async (selector, why) => {
    const shop = await openTwoColours();
    shop.services.install('web', selector as Record<string, string>);
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused', changed: false });
    expect(result.message).toContain(why);
    expect(shop.ledgers.writes()).toBe(0);
  });

  test('who would put the selector back: refused, unless that is allowed', async () => {
    const shop = await openTwoColours();
    shop.services.install('web', { app: 'site-blue' }, { 'argocd.argoproj.io/tracking-id': 'shop:/Service:shop/web' });
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused' });
    expect(result.message).toContain('service shop/web is managed by Argo CD');
    expect(await deploy(shop, '1.1', { allowGitopsDrift: true })).toMatchObject({ outcome: 'succeeded' });
  });

  test('who changes the idle Deployment meanwhile: decided again', async () => {
    const shop = await openTwoColours();
    shop.cluster.faults.at('patch', () => shop.cluster.change('site-green', (each) => withImage(each, 'web:0.9')));
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toMatchObject({ green: 'web:1.1 x2', selects: 'site-green' });
  });

  test('who changes what the Service selects meanwhile: not switched', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => shop.services.install('web', { app: 'maintenance' }));
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'superseded', changed: true });
    expect(shop.services.selector('web')).toEqual({ app: 'maintenance' });
  });

  test('who switches the Service to the idle colour just before it is written: decided again, the other way round', async () => {
    const shop = await openTwoColours(2);
    shop.services.faults.at('get', () => {});
    shop.services.faults.at('get', () => shop.services.install('web', { app: 'site-green' }));
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toEqual({ blue: 'web:1.1 x2', green: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('who switches it just after that: what serves gets back what it had, and it is decided again', async () => {
    const shop = await openTwoColours(2);
    shop.services.faults.at('get', () => {}, 2);
    shop.services.faults.at('get', () => {
      expect(standing(shop).green).toBe('web:1.1 x2');
      shop.services.install('web', { app: 'site-green' });
    });
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toEqual({ blue: 'web:1.1 x2', green: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('a quota without room for both colours is told before anything is touched, and a way back is not kept waiting', async () => {
    const shop = await openTwoColours();
    shop.cluster.neighbours.resourcequotas = [quotaOf({ pods: '3' }, { pods: '2' })];
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused', changed: false });
    expect(result.message).toContain(
      'ResourceQuota shop/team has no room for both colours at once: it needs 2 more pods',
    );
    expect(shop.ledgers.writes()).toBe(0);
    shop.cluster.neighbours.resourcequotas = [];
    await deploy(shop, '1.1', { scaleDownDelayMs: 0 });
    shop.cluster.neighbours.resourcequotas = [quotaOf({ pods: '3' }, { pods: '2' })];
    expect(await rollBack(shop, '1.0')).toMatchObject({ outcome: 'succeeded' });
  });

  test('who may not patch Services is told before anything is touched', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('rehearse', new ClusterError('forbidden', 'service shop/web: forbidden to patch'));
    await expect(deploy(shop, '1.1')).rejects.toThrow('forbidden to patch');
    expect(imageOf(shop.cluster.deployment('site-green'))).toBe('web:1.0');
    expect(shop.ledgers.writes()).toBe(0);
  });
});

describe('a run that was cut off', () => {
  test('before the switch: the next one goes on', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', away);
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-unreachable' });
    expect(standing(shop)).toMatchObject({ green: 'web:1.1 x2', selects: 'site-blue' });
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded', mode: 'deploy' });
    expect(standing(shop).selects).toBe('site-green');
  });

  test('after the switch: the next one watches it to its end, and switches back what fails', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => shop.cluster.faults.at('follow workload', away, 9));
    await deploy(shop, '1.1');
    shop.cluster.faults.clear();
    expect(standing(shop).selects).toBe('site-green');
    expect(shop.ledgers.entry('site-green', '1.1')).not.toHaveProperty('verifiedAt');
    const next = await deploy(shop, '1.1', { checks: async ({ release }) => (release === '1.1' ? [failing] : []) });
    expect(next).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0', changed: true });
    expect(standing(shop).selects).toBe('site-blue');
  });
});

describe('the gate', () => {
  test('is asked again right before the switch: a block that came meanwhile is heard', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    shop.cluster.faults.at('patch', () => void putBlock(shop.gate));
    const result = await deploy(shop, '1.1', { environment: 'production' });
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'release-blocked', gate: { answer: 'closed' } });
    expect(result.message).toContain('was not switched to');
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.0 x0', selects: 'site-blue' });
  });

  test('is told what is live, not what came onto the idle colour', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    shop.cluster.broken.set('web:1.1', CRASHING);
    await deploy(shop, '1.1', { environment: 'staging', update: CONTINUE, timeoutMs: 10_000 });
    expect(deployedIn(shop.gate)).toMatchObject([{ release: '1.1', running: '1.0', verified: false }]);
  });

  test('hears of a release that failed before the switch, and of one that was left by name', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    shop.cluster.broken.set('web:1.1', CRASHING);
    await deploy(shop, '1.1', { environment: 'staging' });
    await deploy(shop, '1.2', { environment: 'staging' });
    await rollBack(shop, '1.0', { environment: 'staging' });
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.1' }, { release: '1.2', reason: 'rolled back to 1.0' }]);
    const running = deployedIn(shop.gate) as readonly { readonly running: string }[];
    expect(running.map((each) => each.running)).toEqual(['1.0', '1.2', '1.0']);
  });

  test('a release that it stops touches neither colour', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    putBlock(shop.gate);
    const result = await deploy(shop, '1.1', { environment: 'production' });
    expect(result).toMatchObject({ outcome: 'blocked', changed: false, blueGreen: { switched: 'no' } });
    expect(shop.ledgers.writes()).toBe(0);
  });
});

test('a run that is told to end before the switch does not switch', async () => {
  const shop = await openTwoColours();
  const interrupt = new AbortController();
  const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } } as const;
  const running = deploy({ ...shop, interrupt: interrupt.signal }, '1.1', { update });
  await shop.clock.advance(2_000);
  interrupt.abort();
  const result = await running;
  expect(result).toMatchObject({ outcome: 'cancelled', changed: true, blueGreen: { switched: 'no' } });
  expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' });
});
