import { describe, expect, test } from '@jest/globals';
import { ClusterError, GitHubError, InputError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { nothingHappened, OUTPUT_KEYS } from '../../src/outputs.ts';
import { type Connect, type OpenGate, runTrain } from '../../src/run/train.ts';
import { createFakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { createMemoryServices } from '../fakes/memory-services.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { CRASHING, imageOf, openShop, type Shop, V10, V11 } from '../operations/shop.ts';

const INPUTS = { release: '1.2', deployment: 'web', images: 'app=web:1.2', 'update-config': 'monitor: 0s' };

/** Connects to a shop, in the namespace of its context; counts how often it was closed. */
function connectTo(shop: Shop, closed: string[] = []): Connect {
  return async () => ({
    ...shop,
    namespace: 'shop',
    services: createMemoryServices(),
    checks: async () => [],
    close: () => void closed.push('closed'),
  });
}

/** The shop's clock goes by itself: these runs wait for nothing. */
async function ticking<T>(shop: Shop, running: Promise<T>): Promise<T> {
  for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
  return running;
}

describe('runTrain', () => {
  test('a credential in the words of others is in neither outputs, annotations nor summary', async () => {
    const [shop, runner] = [openShop(), createFakeRunner({ ...INPUTS, 'rollback-config': 'monitor: 0s' })];
    const message = 'cannot connect: postgres://app:hunter2-very-secret@db/shop';
    const lastState = { terminated: { exitCode: 3, reason: 'Error', message } };
    shop.cluster.broken.set('web:1.2', { ...CRASHING, lastState });
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop) }));
    expect(runner.outputs).toMatchObject({
      outcome: 'rolled-back',
      message: expect.stringContaining('cannot connect'),
    });
    const said = JSON.stringify([runner.outputs, runner.annotations, runner.summaries]);
    expect(said).toContain('cannot connect');
    expect(said).not.toContain('hunter2');
  });

  test('from inputs to outputs, summary and one notice', async () => {
    const [shop, runner, closed] = [openShop(['web'], [V10, V11]), createFakeRunner(INPUTS), [] as string[]];
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop, closed) }));
    expect(Object.keys(runner.outputs).sort()).toEqual([...OUTPUT_KEYS].sort());
    expect(runner.outputs).toMatchObject({
      outcome: 'succeeded',
      mode: 'deploy',
      'previous-release': '1.1',
      trigger: 'push',
    });
    expect(runner.annotations.map(({ level }) => level)).toEqual(['notice']);
    expect(runner.summaries).toHaveLength(1);
    expect([runner.failed(), closed]).toEqual([false, ['closed']]);
    expect(shop.ledgers.entry('web', '1.2')).toMatchObject({ actor: 'octocat', runUrl: runner.context.runUrl });
  });

  test.each([
    ['plan', {}],
    ['roll', { 'dry-run': 'true' }],
  ] as const)('%s %j touches nothing', async (action, inputs) => {
    const [shop, runner] = [openShop(['web'], [V10, V11]), createFakeRunner({ ...INPUTS, ...inputs })];
    await ticking(shop, runTrain(action, runner, { connect: connectTo(shop) }));
    expect(runner.outputs).toMatchObject({
      outcome: 'planned',
      mode: 'deploy',
      changed: 'false',
      'run-on-deploy': 'true',
    });
    expect(runner.failed()).toBe(false);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.ledgers.writes()).toBe(0);
  });

  test('the namespace of the input goes before that of the context', async () => {
    const shop = openShop();
    const asked: string[] = [];
    const cluster = {
      ...shop.cluster,
      getWorkload: async (ref: Parameters<Shop['cluster']['getWorkload']>[0]) => {
        asked.push(ref.namespace);
        return shop.cluster.getWorkload(ref);
      },
    };
    for (const namespace of ['', 'other'])
      await runTrain('plan', createFakeRunner({ ...INPUTS, namespace }), { connect: connectTo({ ...shop, cluster }) });
    expect(asked).toEqual(expect.arrayContaining(['shop', 'other']));
  });

  test.each<readonly [string, Error, string]>([
    ['wrong input', new InputError(['kubeconfig: no', 'context: no']), 'invalid-input'],
    ['a cluster that is away', new ClusterError('unreachable', 'away'), 'cluster-unreachable'],
    ['credentials that expired', new ClusterError('unauthorized', 'expired'), 'cluster-unauthorized'],
    ['a bug of ours', new TypeError('x is undefined'), 'internal-error'],
  ])('%s: said in outputs, summary and one error; no trace but for debugging', async (_, error, reason) => {
    const runner = createFakeRunner(INPUTS);
    await runTrain('roll', runner, { connect: () => Promise.reject(error) });
    expect(runner.outputs).toMatchObject({
      outcome: 'failed',
      'reason-code': reason,
      message: error.message,
      changed: 'false',
    });
    expect(runner.annotations).toMatchObject([{ level: 'error' }]);
    expect(runner.summaries).toHaveLength(1);
    expect(runner.failed()).toBe(true);
  });

  test('wrong inputs never reach a cluster, and the outputs say that nothing happened', async () => {
    const runner = createFakeRunner({ ...INPUTS, mode: 'undo', release: '' });
    await runTrain('roll', runner, { connect: () => Promise.reject(new Error('connected')) });
    const { result: _result, ...outputs } = runner.outputs;
    const { result: _nothing, ...nothing } = nothingHappened();
    expect(outputs).toMatchObject({
      ...nothing,
      ...{
        outcome: 'failed',
        'reason-code': 'invalid-input',
        trigger: 'push',
        message: expect.stringMatching(/^release.*\nmode.*$/),
      },
    });
  });

  test('the connection is closed also where the run was stopped', async () => {
    const [shop, closed] = [openShop(), [] as string[]];
    shop.cluster.faults.at('get', new ClusterError('unreachable', 'away'));
    await runTrain('roll', createFakeRunner(INPUTS), { connect: connectTo(shop, closed) });
    expect(closed).toEqual(['closed']);
  });
});

describe('the gate of a run', () => {
  const GATED = {
    ...{ ...INPUTS, 'rollback-config': 'monitor: 0s' },
    ...{ environment: 'production', 'github-token': 'token' },
  };

  const REFUSED = new GitHubError('forbidden', 'the token may not write deployments');

  function blockedGate() {
    const gate = createMemoryGate();
    const opened: string[] = [];
    const payload = blockRecord({ release: '1.2' });
    const id = gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.2'), payload });
    const open: OpenGate = (token) => {
      opened.push(token);
      return gate;
    };
    return { gate, open, opened, id };
  }

  test('stops a blocked release: outputs, one error, a summary with the command, and the job fails', async () => {
    const [shop, runner, { open, id }] = [openShop(['web'], [V10, V11]), createFakeRunner(GATED), blockedGate()];
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop), openGate: open }));
    expect(runner.outputs).toMatchObject({
      ...{ outcome: 'blocked', 'reason-code': 'release-blocked', 'blocked-release': '1.2', changed: 'false' },
      ...{ mode: 'deploy', 'previous-release': '1.1', release: '1.2' },
    });
    expect(runner.annotations).toMatchObject([
      { level: 'error', title: expect.stringMatching(/^Stopped by the gate/) },
    ]);
    expect(runner.summaries).toEqual([
      expect.stringContaining(`gh workflow run unblock.yml -R octo/shop -f release=1.2 -f block=${id}`),
    ]);
    expect([runner.failed(), imageOf(shop.cluster.deployment('web'))]).toEqual([true, 'web:1.1']);
  });

  test('is told who runs what, where and why', async () => {
    const shop = openShop(['web'], [V10, V11]);
    const { gate, open } = blockedGate();
    const inputs = { ...GATED, mode: 'rollback', release: '1.0', images: '', reason: 'prices', scope: 'frontend' };
    const runner = createFakeRunner(inputs);
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop), openGate: open }));
    expect(runner.outputs).toMatchObject({ outcome: 'succeeded', 'blocked-release': '1.1' });
    const { actor, runUrl, runId } = runner.context;
    const said = { scope: 'frontend', environment: 'production', reason: 'prices', actor, runUrl, runId };
    expect(gate.appended().map(({ payload }) => payload)).toMatchObject([
      { kind: 'release-block', release: '1.1', ...said },
      { kind: 'release-deployed', release: '1.0', running: '1.0', ...said },
    ]);
  });

  test.each([
    ['passes where what failed is blocked', {}, undefined, false],
    ['fails where the block is missing', {}, REFUSED, true],
    ['passes where the block is missing and no environment is named', { environment: '' }, REFUSED, false],
  ] as const)('a run that fails softly %s', async (_, more, problem, fails) => {
    const [shop, gate] = [openShop(['web'], [V10, V11]), createMemoryGate()];
    shop.cluster.broken.set('web:1.2', CRASHING);
    if (problem) gate.faults.at('append', problem, 9);
    const runner = createFakeRunner({ ...GATED, 'fail-on-rollback': 'false', ...more });
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop), openGate: () => gate }));
    expect([runner.outputs['outcome'], runner.failed()]).toEqual(['rolled-back', fails]);
  });

  test('block-on-rollback and trusted-writers are heard', async () => {
    const shop = openShop(['web'], [V10, V11]);
    const { gate, open } = blockedGate();
    const inputs = { ...GATED, mode: 'rollback', release: '1.0', images: '', 'block-on-rollback': 'false' };
    await ticking(shop, runTrain('roll', createFakeRunner(inputs), { connect: connectTo(shop), openGate: open }));
    expect(gate.appended().map(({ payload }) => payload.kind)).toEqual(['release-deployed']);
    const runner = createFakeRunner({ ...GATED, 'trusted-writers': 'shop-gate[bot]' });
    await ticking(shop, runTrain('roll', runner, { connect: connectTo(shop), openGate: open }));
    expect(runner.outputs).toMatchObject({
      outcome: 'blocked',
      'reason-code': 'gate-unreadable',
      'blocked-release': '',
    });
  });

  test.each([
    ['roll without a token', 'roll', { 'github-token': '' }],
    ['plan', 'plan', {}],
    ['a dry run', 'roll', { 'dry-run': 'true' }],
    ['wrong inputs', 'roll', { mode: 'undo' }],
  ] as const)('%s never opens it', async (_, action, inputs) => {
    const [shop, runner] = [openShop(['web'], [V10, V11]), createFakeRunner({ ...GATED, ...inputs })];
    const { open, opened } = blockedGate();
    await ticking(shop, runTrain(action, runner, { connect: connectTo(shop), openGate: open }));
    expect(opened).toEqual([]);
    expect(runner.outputs['outcome']).not.toBe('blocked');
  });
});
