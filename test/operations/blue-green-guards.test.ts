import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import type { BlueGreenRequest } from '../../src/operations/blue-green-request.ts';
import type { Check } from '../../src/ports.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import type { ContainerStatus, Deployment, StringMap } from '../../src/rollout/objects.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import {
  deploy,
  openTwoColours,
  pairRequest,
  rollBack,
  run,
  scale,
  standing,
  type TwoColours,
} from './blue-green-shop.ts';
import { putBlock } from './gate-sample.ts';
import { CRASHING, imageOf, POLICY, withImage } from './shop.ts';

const WATCHING = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 5_000 } } as const;
const NOT_READY: ContainerStatus = { name: 'app', ready: false, restartCount: 0 };

function smoke(state: 'inconclusive' | 'fail'): Check {
  const look = async () => ({ state, message: '500' });
  return { name: 'smoke', early: false, intervalMs: 1_000, threshold: 1, look };
}

/** Both colours go on to 1.1 with a label more, by which the Service selects from now on. */
async function openLabelled(): Promise<TwoColours> {
  const shop = await openTwoColours(2);
  for (const colour of ['blue', 'green']) label(shop, `site-${colour}`, { colour });
  shop.services.install('web', { colour: 'blue' });
  return shop;
}

function label({ cluster }: TwoColours, name: string, labels: StringMap): void {
  cluster.change(name, (deployment) => {
    const next = withImage(deployment, 'web:1.1');
    const { template } = next.spec;
    const metadata = { labels: { ...template.metadata?.labels, ...labels } };
    return caused({ ...next, spec: { ...next.spec, template: { ...template, metadata } } }, '1.1');
  });
}

function caused(deployment: Deployment, cause: string): Deployment {
  const annotations = { ...deployment.metadata.annotations, 'kubernetes.io/change-cause': cause };
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}

describe('what the Service is pointed at', () => {
  test('a release from before the colours had their label gets it with its bits', async () => {
    const shop = await openLabelled();
    expect(await rollBack(shop, '1.0')).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    expect(shop.services.selector('web')).toEqual({ colour: 'green' });
    const { labels } = shop.cluster.deployment('site-green').spec.template.metadata ?? {};
    expect(labels).toEqual({ app: 'site-green', colour: 'green' });
    expect(imageOf(shop.cluster.deployment('site-green'))).toBe('web:1.0');
  });

  test.each([
    ['takes the pods of the colour', (shop: TwoColours) => scale(shop, 'site-blue', 0), 'superseded'],
    ['breaks the pods of the colour', (shop: TwoColours) => shop.cluster.crash('site-blue', CRASHING), 'failed'],
    [
      'gives the colour another template',
      (shop: TwoColours) => shop.cluster.change('site-blue', (each) => withImage(each, 'web:0.9')),
      'superseded',
    ],
  ])('not at a colour that was up, where somebody %s right before the switch', async (_what, meddle, outcome) => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    // The intent, and then that the live release is left.
    shop.ledgers.faults.at('write', () => {});
    shop.ledgers.faults.at('write', () => meddle(shop));
    const result = await rollBack(shop, '1.0');
    expect(standing(shop).selects).toBe('site-green');
    expect(result).toMatchObject({ outcome, blueGreen: { switched: 'no' } });
    expect(result.message).toContain('was not switched');
  });

  test('at a colour that was up and lacks pods when its turn comes, once they are back', async () => {
    const shop = await openTwoColours();
    await deploy(shop, '1.1');
    shop.ledgers.faults.at('write', () => shop.cluster.crash('site-blue', NOT_READY));
    const running = rollBack(shop, '1.0');
    await shop.clock.advance(1_000);
    expect(standing(shop).selects).toBe('site-green');
    scale(shop, 'site-blue', 3);
    expect(await running).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    expect(standing(shop).selects).toBe('site-blue');
  });

  test('not at a release whose pods go while the gate is asked', async () => {
    const shop = await openTwoColours();
    const meanwhile = async () => {
      if (imageOf(shop.cluster.deployment('site-green')) === 'web:1.1') scale(shop, 'site-green', 0);
    };
    const result = await deploy({ ...shop, gate: createMemoryGate({ meanwhile }) }, '1.1');
    expect(result).toMatchObject({ outcome: 'superseded', blueGreen: { switched: 'no' } });
    expect(standing(shop).selects).toBe('site-blue');
  });

  test('not at a release about which the gate does not answer any more when its turn comes', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    shop.cluster.faults.at('patch', () => shop.gate.faults.at('read', new GitHubError('unreachable', 'away'), 50));
    const result = await deploy(shop, '1.1', { environment: 'production' });
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'gate-unreadable', blueGreen: { switched: 'no' } });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.0 x0', selects: 'site-blue' });
  });

  test('at the target of a rollback, also where that is blocked while it warms up: nobody who goes back asks twice', async () => {
    const shop = { ...(await openTwoColours()), gate: createMemoryGate() };
    for (const release of ['1.1', '1.2', '1.3']) await deploy(shop, release, { environment: 'staging' });
    shop.cluster.faults.at('patch', () => void putBlock(shop.gate, { release: '1.1' }));
    const result = await rollBack(shop, '1.1', { environment: 'staging' });
    expect(result).toMatchObject({ outcome: 'succeeded', blueGreen: { switched: 'yes' } });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.1 x2', selects: 'site-blue' });
  });
});

describe('the way back', () => {
  test('is kept where a note is left from before the colour served again', async () => {
    const shop = await openTwoColours();
    const interrupt = new AbortController();
    const first = deploy({ ...shop, interrupt: interrupt.signal }, '1.1', { scaleDownDelayMs: 60_000 });
    await shop.clock.advance(5_000);
    interrupt.abort();
    await first;
    expect(shop.ledgers.ledger('site-blue').retiring).toBeDefined();
    // Somebody goes back by hand, and the next release comes much later.
    shop.services.install('web', { app: 'site-blue' });
    await shop.clock.advance(3_600_000);
    expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.2 x2', selects: 'site-green' });
    expect(shop.ledgers.ledger('site-blue').retiring).toBeUndefined();
  });

  test('is kept where another run has put a release onto the colour that was left', async () => {
    const shop = await openTwoColours();
    const running = run(shop, pairRequest('1.1', { scaleDownDelayMs: 15_000 }), 30);
    await shop.clock.advance(5_000);
    shop.cluster.change('site-blue', (each) => withImage(each, 'web:1.2'));
    expect(await running).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.2 x2', selects: 'site-green' });
  });

  test('is given again where somebody switches in the moment in which the pods are taken', async () => {
    const shop = await openTwoColours();
    shop.cluster.faults.at('patch', () => {});
    shop.cluster.faults.at('patch', () => shop.services.install('web', { app: 'site-blue' }));
    expect(await deploy(shop, '1.1', { scaleDownDelayMs: 5_000 })).toMatchObject({ outcome: 'succeeded' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('is kept where another run is about to switch there, and took the note away', async () => {
    const shop = await openTwoColours();
    const running = run(shop, pairRequest('1.1', { scaleDownDelayMs: 15_000 }), 30);
    await shop.clock.advance(5_000);
    shop.ledgers.change('site-blue', ({ retiring: _taken, ...ledger }) => ledger);
    const result = await running;
    expect(result.blueGreen?.remark).toBe('deployment/site-blue was wanted by somebody else and keeps its pods');
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-green' });
  });

  test('leads to as many pods as there were: an autoscaler takes those of a colour without requests', async () => {
    const shop = await openTwoColours();
    shop.services.faults.at('patch', () => {
      scale(shop, 'site-blue', 1);
      shop.cluster.crash('site-green', CRASHING);
    });
    expect(await deploy(shop, '1.1', { update: WATCHING })).toMatchObject({ outcome: 'rolled-back' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('leads to as many pods as serve now, where the run that left none was another one', async () => {
    const shop = await openTwoColours();
    const looks = (state: 'inconclusive' | 'fail') => async (about: { readonly release: string }) =>
      about.release === '1.1' ? [smoke(state)] : [];
    await deploy(shop, '1.1', { checks: looks('inconclusive') });
    scale(shop, 'site-blue', 0);
    expect(await deploy(shop, '1.1', { checks: looks('fail') })).toMatchObject({ outcome: 'rolled-back' });
    expect(standing(shop)).toMatchObject({ blue: 'web:1.0 x2', selects: 'site-blue' });
  });

  test('does not lead to a release that is known to have failed, though somebody let it serve', async () => {
    const shop = await openTwoColours();
    shop.cluster.broken.set('web:1.1', CRASHING);
    await deploy(shop, '1.1', { update: { failureAction: 'pause', policy: POLICY } });
    shop.services.install('web', { app: 'site-green' });
    const checks = async ({ release }: { readonly release: string }) => (release === '1.2' ? [smoke('fail')] : []);
    const result = await deploy(shop, '1.2', { checks });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'check-failed' });
    expect(result.message).toContain('1.1, which deployment/site-green has, is not known to be good');
    expect(standing(shop)).toMatchObject({ blue: 'web:1.2 x2', selects: 'site-blue' });
  });
});

describe('a name that stands for other bits on each colour', () => {
  const redefined = pairRequest('1.1b').images;

  /** 1.1 is on green, and is given other bits on blue, too. */
  async function openRedefined(rest: Partial<BlueGreenRequest>): Promise<TwoColours> {
    const shop = await openTwoColours();
    for (const release of ['1.1', '1.2', '1.3']) await deploy(shop, release);
    await deploy(shop, '1.1', { requested: 'deploy', images: redefined, ...rest });
    expect(shop.ledgers.entry('site-blue', '1.1')).toMatchObject({ images: { app: 'web:1.1b' } });
    return shop;
  }

  test('means those that it was given last', async () => {
    const shop = await openRedefined({});
    for (const release of ['1.4', '1.5']) await deploy(shop, release);
    expect(standing(shop)).toMatchObject({ green: 'web:1.4 x2', selects: 'site-blue' });
    expect(await rollBack(shop, '1.1')).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(standing(shop)).toMatchObject({ green: 'web:1.1b x2', selects: 'site-green' });
  });

  test('means those that were good, where the others failed', async () => {
    const shop = await openRedefined({ previewChecks: async () => [smoke('fail')] });
    await deploy(shop, '1.4');
    expect(standing(shop)).toMatchObject({ green: 'web:1.3 x2', selects: 'site-blue' });
    expect(await rollBack(shop, '1.1')).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(standing(shop)).toMatchObject({ green: 'web:1.1 x2', selects: 'site-green' });
  });
});

describe('somebody who switches by hand while a release is being seen', () => {
  test.each([
    ['fails', (shop: TwoColours) => shop.cluster.crash('site-green', CRASHING)],
    ['never gets ready', (shop: TwoColours) => shop.cluster.crash('site-green', NOT_READY)],
  ])('does not lose the pods to it that serve by now, where it %s', async (_how, breaks) => {
    const shop = await openTwoColours();
    const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 10_000 } } as const;
    const running = run(shop, pairRequest('1.1', { update, timeoutMs: 15_000 }), 60);
    await shop.clock.advance(2_000);
    shop.services.install('web', { app: 'site-green' });
    breaks(shop);
    const result = await running;
    expect(standing(shop)).toEqual({ blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-green' });
    expect(result).toMatchObject({ outcome: 'rollback-failed', rolledBackTo: '' });
    expect(result.message).toContain('somebody else switched service web to deployment/site-green meanwhile');
  });
});

test.each(['site-blue', 'site-green'])('nothing is switched while %s holds a canary', async (name) => {
  const shop = await openTwoColours();
  shop.cluster.idle.add(name);
  shop.cluster.change(name, (deployment) => withImage(deployment, 'web:3.0'));
  const digest = templateDigest(shop.cluster.deployment(name).spec.template);
  const canary = {
    release: '3.0',
    digest,
    from: '1.0',
    sizes: [{ pods: 1 }],
    step: 0,
    heldSince: '2026-11-21T12:00:00Z',
  };
  shop.ledgers.change(name, (ledger) => ({ ...ledger, canary }));
  const selector = shop.services.selector('web');
  expect(await deploy(shop, '1.1')).toMatchObject({
    ...{ outcome: 'failed', reasonCode: 'preflight-refused', changed: false },
    message: expect.stringContaining(`deployment/${name}: a canary of 3.0 is held; promote it, or abort it`),
  });
  expect(shop.services.selector('web')).toEqual(selector);
});

test('what an earlier run lent to a colour, and could not give back, goes back with the release', async () => {
  const shop = await openTwoColours();
  const lent = { maxSurge: 1, maxUnavailable: 0 };
  shop.cluster.change('site-green', (deployment) => ({
    ...deployment,
    spec: {
      ...deployment.spec,
      ...{ paused: true, minReadySeconds: 30, strategy: { type: 'RollingUpdate', rollingUpdate: lent } },
    },
  }));
  const own = { maxSurge: '25%', maxUnavailable: '25%', minReadySeconds: 0, paused: false };
  const loan = { own, lent: [{ ...lent, minReadySeconds: 30, paused: true }] };
  shop.ledgers.change('site-green', (ledger) => ({ ...ledger, loan }));
  expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded' });
  expect(fieldsOf(shop.cluster.deployment('site-green'))).toMatchObject(own);
});
