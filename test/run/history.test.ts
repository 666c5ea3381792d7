import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import type { Gate } from '../../src/ports.ts';
import { runHistory } from '../../src/run/history.ts';
import type { Connect } from '../../src/run/train.ts';
import { createFakeRunner, type FakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryServices } from '../fakes/memory-services.ts';
import { createBoardLog } from '../gate/board-log.ts';
import { openShop, type Shop, V10, V11 } from '../operations/shop.ts';

function noToken(): Gate {
  throw new Error('opened without a token');
}

function connectTo(shop: Shop): Connect {
  return async () => ({
    ...shop,
    namespace: 'shop',
    services: createMemoryServices(),
    checks: async () => [],
    close: () => {},
  });
}

function boardOf(runner: FakeRunner): unknown {
  return JSON.parse(runner.outputs['board'] ?? '');
}

test('rows as JSON, a table, and what is live and was last good', async () => {
  const [shop, runner] = [openShop(['web'], [V10, V11]), createFakeRunner({ deployment: 'web' })];
  await runHistory(runner, connectTo(shop), noToken);
  expect(JSON.parse(runner.outputs['history'] ?? '')).toHaveLength(2);
  expect(runner.outputs).toMatchObject({ 'live-release': '1.1', 'last-good-release': '1.1' });
  expect(runner.summaries[0]).toContain('`1.1`');
  expect([runner.failed(), runner.annotations]).toEqual([false, []]);
  expect(runner.log).toMatchObject({ infos: ['deployment/web: release 1.1 is live and the last good one'] });
});

test('workloads that differ have no common release', async () => {
  const one = openShop(['web', 'api'], [V10]);
  one.cluster.change('web', ({ metadata, ...rest }) => {
    const annotations = { ...metadata.annotations, 'kubernetes.io/change-cause': '1.2' };
    return { ...rest, metadata: { ...metadata, annotations } };
  });
  const runner = createFakeRunner({ deployment: 'web, api' });
  await runHistory(runner, connectTo(one), noToken);
  expect(runner.outputs).toMatchObject({ 'live-release': '', 'last-good-release': '' });
});

test('what goes wrong is one error', async () => {
  const runner = createFakeRunner({ deployment: 'absent' });
  await runHistory(runner, connectTo(openShop()), noToken);
  expect(runner.outputs['history']).toBe('[]');
  expect(runner.annotations).toEqual([
    {
      level: 'error',
      title: 'The history could not be read',
      message: 'deployment shop/absent: not found; check its name and namespace',
    },
  ]);
  expect(runner.failed()).toBe(true);
});

test('wrong inputs are all said at once', async () => {
  const runner = createFakeRunner({ deployment: 'Web', scope: 'a/b', 'trusted-writers': '@mona' });
  await runHistory(runner, () => Promise.reject(new Error('connected')), noToken);
  expect(runner.annotations[0]?.message).toMatch(/Web.*scope.*trusted-writers/);
  expect(runner.failed()).toBe(true);
});

describe('the board', () => {
  const INPUTS = { deployment: 'web', 'github-token': 'token' };

  test('in the summary after the history, and as JSON', async () => {
    const [runner, log] = [createFakeRunner({ ...INPUTS, scope: 'shop' }), createBoardLog()];
    log.deployed('staging', '1.0', { scope: 'shop' });
    const id = log.blocked('1.1', { scope: 'shop' });
    await runHistory(runner, connectTo(openShop()), () => log);
    expect(runner.summaries[0]).toMatch(/^### `deployment\/web`[\s\S]*### What runs where in scope `shop`/);
    expect(runner.log).toMatchObject({ infos: [expect.stringContaining('is live'), 'the gate is closed to 1.1'] });
    expect(boardOf(runner)).toMatchObject({
      schemaVersion: 1,
      scope: 'shop',
      environments: ['staging'],
      rows: [
        { release: '1.1', closed: { id } },
        { release: '1.0', runs: [{ environment: 'staging' }] },
      ],
      missing: '',
    });
    expect(runner.failed()).toBe(false);
  });

  test('whom to trust is an input', async () => {
    const [runner, log] = [createFakeRunner({ ...INPUTS, 'trusted-writers': 'shop-app[bot]' }), createBoardLog()];
    log.deployed('staging', '1.0');
    await runHistory(runner, connectTo(openShop()), () => log);
    expect(boardOf(runner)).toMatchObject({ rows: [] });
  });

  const forbidden = 'the token may not read deployments: add `permissions: { deployments: read }` to the job';
  test.each<readonly [string, Readonly<Record<string, string>>, () => Gate, RegExp]>([
    ['without a token', { deployment: 'web' }, noToken, /github-token.*deployments: read/],
    ['without the right', INPUTS, () => failing(new GitHubError('forbidden', forbidden)), /deployments: read/],
    ['without GitHub', INPUTS, () => failing(new GitHubError('unreachable', 'api.github.com is away')), /is away/],
    ['without an adapter', INPUTS, () => failing(new TypeError('x is undefined')), /x is undefined/],
  ])('%s: one line says what is missing, and the history is there all the same', async (_, inputs, gate, why) => {
    const runner = createFakeRunner(inputs);
    await runHistory(runner, connectTo(openShop()), gate);
    expect(boardOf(runner)).toMatchObject({ rows: [], missing: expect.stringMatching(why) });
    const lines = (runner.summaries[0] ?? '').split('\n').filter((line) => line.includes('is not shown'));
    expect(lines).toEqual([expect.stringMatching(why)]);
    expect(runner.outputs['live-release']).toBe('1.0');
    expect([runner.failed(), runner.annotations]).toEqual([false, []]);
  });

  function failing(error: Error): Gate {
    const log = createBoardLog();
    log.faults.at('read', error, 2);
    return log;
  }
});
