import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import type { Board } from '../../src/gate/board.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { MOST_RECORDS, readBoard } from '../../src/operations/board.ts';
import { type BoardLog, createBoardLog } from '../gate/board-log.ts';

const LONG = `feature/${'x'.repeat(80)}`;

/** Rows as one can read them: `1.1: dev ok, staging ?; blocked`. */
function shown({ rows }: Board): readonly string[] {
  return rows.map(({ release, runs, closed }) => {
    const where = runs.map(({ environment, verifiedSince }) => `${environment} ${verifiedSince ? 'ok' : '?'}`);
    return [`${release}:`, [where.join(', '), closed?.kind].filter(Boolean).join('; ')].join(' ').trim();
  });
}

async function boardOf(log: BoardLog, scope = 'default'): Promise<readonly string[]> {
  return shown(await readBoard(log, scope, [WORKFLOWS_LOGIN]));
}

describe('what runs where', () => {
  test('the newest record of each environment, in the order of the pipeline', async () => {
    const log = createBoardLog();
    for (const environment of ['dev', 'staging', 'production']) log.deployed(environment, '1.0');
    for (const environment of ['dev', 'staging']) log.deployed(environment, '1.1');
    log.deployed('dev', '1.2', { verified: false, outcome: 'timed-out' });
    expect(await boardOf(log)).toEqual(['1.2: dev ?', '1.1: staging ok', '1.0: production ok']);
    expect((await readBoard(log, 'default', [WORKFLOWS_LOGIN])).environments).toEqual(['dev', 'staging', 'production']);
  });

  test('since the first record of the stay that lasts, by the clock of GitHub', async () => {
    const log = createBoardLog();
    log.deployed('production', '1.1');
    log.deployed('production', '1.0');
    log.deployed('production', '1.1', { verified: false });
    log.deployed('production', '1.1');
    log.deployed('production', '1.1', { outcome: 'unchanged' });
    const { rows } = await readBoard(log, 'default', [WORKFLOWS_LOGIN]);
    expect(rows).toEqual([
      {
        release: '1.1',
        runs: [
          {
            environment: 'production',
            since: '2026-11-21T12:00:02.000Z',
            verifiedSince: '2026-11-21T12:00:03.000Z',
            outcome: 'unchanged',
            runUrl: 'https://github.com/octo/shop/actions/runs/7',
          },
        ],
      },
    ]);
  });

  test('a release that was verified and is not any more was not verified since', async () => {
    const log = createBoardLog();
    log.deployed('dev', '1.1');
    log.deployed('dev', '1.1', { verified: false, outcome: 'failed' });
    expect(await boardOf(log)).toEqual(['1.1: dev ?']);
  });

  test('where not one release runs, the row has no name', async () => {
    const log = createBoardLog();
    log.deployed('dev', '', { release: '1.1', verified: false, outcome: 'rollback-failed' });
    expect(await boardOf(log)).toEqual([': dev ?']);
  });

  test('an environment that is written in other letters is one, by its newest name', async () => {
    const log = createBoardLog();
    log.deployed('production', '1.0');
    log.deployed('Production', '1.1');
    log.deployed('staging', '1.1');
    expect(await boardOf(log)).toEqual(['1.1: staging ok, Production ok']);
    expect((await readBoard(log, 'default', [WORKFLOWS_LOGIN])).environments).toEqual(['Production', 'staging']);
  });

  test('records of other scopes, of other writers, and those that moved are nobody', async () => {
    const log = createBoardLog();
    log.deployed('dev', '1.0', { scope: 'backend' });
    log.put({ environment: 'dev', task: 'release-deploy:default', creator: 'mallory', app: '', payload: {} });
    log.deployed('production', '1.0', { environment: 'staging' });
    expect(await boardOf(log)).toEqual([]);
    expect(await boardOf(log, 'backend')).toEqual(['1.0: dev ok']);
  });
});

describe('what is blocked', () => {
  test('who blocked it, when, where and why', async () => {
    const log = createBoardLog();
    log.deployed('staging', '1.0');
    const id = log.blocked('1.1', { reason: 'container web crashed' });
    expect((await readBoard(log, 'default', [WORKFLOWS_LOGIN])).rows).toMatchObject([
      {
        release: '1.1',
        runs: [],
        closed: {
          ...{ kind: 'blocked', id, at: '2026-11-21T12:00:01.000Z', environment: 'staging', actor: 'mona' },
          ...{ reason: 'container web crashed', runUrl: 'https://github.com/octo/shop/actions/runs/7' },
        },
      },
      { release: '1.0', runs: [{ environment: 'staging' }] },
    ]);
  });

  test('a blocked release still runs where it runs; one that was unblocked and runs nowhere is not shown', async () => {
    const log = createBoardLog();
    log.deployed('production', '1.1');
    log.blocked('1.1');
    log.unblocked('1.2', log.blocked('1.2'));
    expect(await boardOf(log)).toEqual(['1.1: production ok; blocked']);
  });

  test.each([LONG, '1.0+build', 'a/b', 'käse', '🚀 1', ' '])('release %j by its whole name', async (release) => {
    const log = createBoardLog();
    log.deployed('staging', release);
    log.blocked(release);
    expect(await boardOf(log)).toEqual([`${release}: staging ok; blocked`.trim()]);
  });

  test('a scope that begins as another one does is another one', async () => {
    const log = createBoardLog();
    log.blocked('1.1', { scope: 'shop/web' });
    expect(await boardOf(log, 'shop')).toEqual([]);
    expect(await boardOf(log, 'shop/web')).toEqual(['1.1: blocked']);
  });
});

describe('as the gate: what does not count is closed', () => {
  const foreign = (log: BoardLog, release: string) =>
    log.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', release), creator: 'mallory', payload: {} });

  test('a release that only its task names', async () => {
    const log = createBoardLog();
    foreign(log, '1.1');
    expect(await boardOf(log)).toEqual(['1.1: unreadable']);
  });

  test('a long name of which the task has only the beginning', async () => {
    const log = createBoardLog();
    foreign(log, LONG);
    expect(await boardOf(log)).toEqual([`${gateTask('default', LONG).split('/')[1]}: unreadable`]);
    log.deployed('dev', LONG);
    expect(await boardOf(log)).toEqual([`${LONG}: dev ok; unreadable`]);
  });

  test('a foreign record on top of an unblock', async () => {
    const log = createBoardLog();
    log.unblocked('1.1', log.blocked('1.1'));
    foreign(log, '1.1');
    expect(await boardOf(log)).toEqual(['1.1: unreadable']);
  });

  test('a block that a run says it wrote, and that is gone', async () => {
    const log = createBoardLog();
    const id = log.blocked('1.1');
    log.deployed('staging', '1.0', { release: '1.1', outcome: 'rolled-back', blocks: [{ id, release: '1.1' }] });
    log.remove(id);
    expect(await boardOf(log)).toEqual(['1.0: staging ok', '1.1: unreadable']);
  });

  test('a foreign record about what runs: nobody knows what does since then', async () => {
    const log = createBoardLog();
    log.deployed('dev', '1.0');
    log.put({ environment: 'dev', task: 'release-deploy:default', creator: 'mallory', app: '', payload: {} });
    expect(await boardOf(log)).toEqual(['1.0: dev ?']);
  });

  test('a record that others name and that is gone', async () => {
    const log = createBoardLog();
    const first = log.blocked('1.1');
    const second = log.blocked('1.1', { previous: first });
    log.unblocked('1.1', first, { previous: second });
    log.remove(second);
    expect((await readBoard(log, 'default', [WORKFLOWS_LOGIN])).rows[0]?.closed).toMatchObject({
      kind: 'unreadable',
      id: second,
    });
  });
});

describe('requests', () => {
  test('two, where the log is short', async () => {
    const log = createBoardLog();
    log.deployed('dev', '1.0');
    await boardOf(log);
    expect(log.requests).toEqual([
      { call: 'read', filter: { task: 'release-deploy:default' }, page: 1 },
      { call: 'read', filter: { environment: 'release-gate' }, page: 1 },
    ]);
  });

  test('bounded in a long log; what was left unread is neither shown nor taken for deleted', async () => {
    const log = createBoardLog();
    log.deployed('production', '0.9');
    const old = log.blocked('1.0');
    for (let count = 0; count < MOST_RECORDS; count += 1) {
      log.deployed('dev', '1.1');
      log.unblocked('1.1', 0, { previous: old });
    }
    const board = await readBoard(log, 'default', [WORKFLOWS_LOGIN]);
    expect(shown(board)).toEqual(['1.1: dev ok']);
    expect(board.cut).toBe(true);
    expect(log.requests).toHaveLength(10);
  });

  test('an error of GitHub is handed on', async () => {
    const log = createBoardLog();
    log.faults.at('read', new GitHubError('forbidden', 'no'));
    await expect(readBoard(log, 'default', [WORKFLOWS_LOGIN])).rejects.toThrow(GitHubError);
  });
});
