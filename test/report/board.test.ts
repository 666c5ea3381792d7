import { describe, expect, test } from '@jest/globals';
import type { Board, BoardRow, Running } from '../../src/gate/board.ts';
import { boardSections, noBoard } from '../../src/report/board.ts';
import { fitSections } from '../../src/report/budget.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const RUN_URL = 'https://github.com/octo/shop/actions/runs/4711';

function runs(environment: string, running: Partial<Running> = {}): Running {
  const since = '2026-11-20T10:00:00.000Z';
  return { environment, since, verifiedSince: since, outcome: 'succeeded', runUrl: RUN_URL, ...running };
}

const CLOSED: BoardRow['closed'] = {
  ...{ kind: 'blocked', id: 104, at: '2026-11-21T11:55:00Z', environment: 'staging', actor: 'mona' },
  ...{ reason: 'container web crashes at start (exit code 3)', runUrl: RUN_URL },
};

function board(rows: readonly BoardRow[], more: Partial<Board> = {}): Board {
  return { scope: 'default', environments: ['dev', 'staging', 'production'], rows, cut: false, ...more };
}

function shown(given: Board, runUrl = RUN_URL): string {
  return fitSections(boardSections(given, runUrl, NOW));
}

test('releases that run somewhere or are blocked, by environment, with the command that unblocks', () => {
  const rows: readonly BoardRow[] = [
    { release: '1.1', runs: [runs('dev')], closed: CLOSED },
    { release: '1.0', runs: [runs('staging', { outcome: 'rolled-back' }), runs('production')] },
    { release: '0.9', runs: [], closed: { kind: 'unreadable', id: 17, why: 'mallory wrote it' } },
  ];
  expect(shown(board(rows))).toMatchInlineSnapshot(`
"### What runs where

As runs recorded it; what was changed by hand since is not in it.

| Release | \`dev\` | \`staging\` | \`production\` | Blocked |
| --- | --- | --- | --- | --- |
| \`1.1\` | verified since<br>11-20 10:00 UTC (1d 2h ago) |  |  | **blocked** in \`staging\` by a run of \`mona\`<br>11-21 11:55 UTC (5m ago), [run 4711](https://github.com/octo/shop/actions/runs/4711)<br>container web crashes at start (exit code 3) |
| \`1.0\` |  | verified since<br>11-20 10:00 UTC (1d 2h ago) | verified since<br>11-20 10:00 UTC (1d 2h ago) |  |
| \`0.9\` |  |  |  | **closed**: record 17 does not count, mallory wrote it |

To unblock (without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values):

- \`1.1\`: \`gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=104 -f reason='…'\`
- \`0.9\`: \`gh workflow run unblock.yml -R octo/shop -f release=0.9 -f block=17 -f reason='…'\`
"
`);
});

test('what runs unverified, and where it is not one release', () => {
  const rows: readonly BoardRow[] = [
    { release: '', runs: [runs('dev', { verifiedSince: '', outcome: 'rollback-failed' })] },
    { release: '1.1', runs: [runs('staging', { verifiedSince: '', outcome: 'timed-out' })] },
  ];
  expect(shown(board(rows, { scope: 'backend', environments: ['dev', 'staging'] }))).toMatchInlineSnapshot(`
"### What runs where in scope \`backend\`

As runs recorded it; what was changed by hand since is not in it.

| Release | \`dev\` | \`staging\` | Blocked |
| --- | --- | --- | --- |
| (not one release) | **not verified** (rollback-failed)<br>since 11-20 10:00 UTC (1d 2h ago) |  |  |
| \`1.1\` |  | **not verified** (timed-out)<br>since 11-20 10:00 UTC (1d 2h ago) |  |
"
`);
});

test('nothing recorded yet: what has to be done for it', () => {
  expect(shown(board([], { environments: [] }))).toMatchInlineSnapshot(`
"### What runs where

Nothing is recorded yet: a step that deploys records where its release runs, once that is complete, if it has the inputs \`environment\` and \`github-token\` and \`permissions: { deployments: write }\`.
"
`);
});

test('in one line, why there is none', () => {
  expect(fitSections([noBoard('the token may not read deployments.')])).toBe(
    'What runs where, and what is blocked, is not shown: the token may not read deployments.\n',
  );
});

test('many of everything: the first are shown, and how many are not', () => {
  const environments = Array.from({ length: 30 }, (_, index) => `pr-${index}`);
  const rows = Array.from({ length: 60 }, (_, index) => ({ release: `1.${index}`, runs: [], closed: CLOSED }));
  const summary = shown(board(rows, { environments, cut: true }));
  expect(summary.match(/^\| `1\./gm)).toHaveLength(50);
  expect(summary).toContain('`pr-11` | Blocked |');
  expect(summary).toContain(
    '18 more environments and 10 more releases are left out here; the output `board` has them all.',
  );
  expect(summary).toContain('Only the newest records were looked at');
  expect(summary).toContain('- and 50 more');
});

describe.each(Object.entries(HOSTILE))('hostile text everywhere: %s', (_, hostile) => {
  const running = { verifiedSince: '', since: hostile, outcome: hostile, runUrl: hostile };
  const said = { at: hostile, environment: hostile, actor: hostile, reason: hostile, runUrl: hostile };
  const rows: readonly BoardRow[] = [
    { release: hostile, runs: [runs(hostile, running)], closed: { kind: 'blocked', id: 1, ...said } },
    { release: hostile, runs: [], closed: { kind: 'unreadable', id: 2, why: hostile } },
  ];
  const summary = `${shown(board(rows, { scope: hostile, environments: [hostile] }), hostile)}\n${fitSections([noBoard(hostile)])}`;

  test('stays text', () => {
    const { kinds, html } = render(summary);
    const allowed =
      /^(?:(?:heading|paragraph|bullet_list|list_item|table|thead|tbody|tr|th|td|strong)_(?:open|close)|inline|text|text_special|code_inline|html_inline)$/;
    expect([...kinds].filter((kind) => !allowed.test(kind))).toEqual([]);
    expect(html.filter((tag) => !/^<(?:\/?span|br)>$/.test(tag))).toEqual([]);
  });

  test('is in no command', () => {
    const commands = summary.match(/gh workflow run[^`]*/g) ?? [];
    const inert =
      /^gh workflow run unblock\.yml -f release=(?:'…'|---) -f scope=(?:'…'|---) -f block=\d -f reason='…'$/;
    expect(commands.filter((command) => !inert.test(command))).toEqual([]);
    expect(commands).toHaveLength(2);
  });
});
