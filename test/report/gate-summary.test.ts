import { describe, expect, test } from '@jest/globals';
import { closedBy, type Decision, mayEnter } from '../../src/gate/rule.ts';
import type { Standing } from '../../src/gate/standing.ts';
import { formatBlockSummary } from '../../src/report/block-summary.ts';
import { type Asked, formatGateSummary } from '../../src/report/gate-summary.ts';
import { formatStopped } from '../../src/report/stopped-summary.ts';
import { formatUnblockSummary, type UnblockActionReport } from '../../src/report/unblock-summary.ts';
import { blockedBy, blockRecord } from '../gate/sample-records.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');

const ASKED: Asked = {
  ...{ release: '1.1', environment: 'production', scope: 'default', after: 'staging', soakMs: 3_600_000 },
  allowRedeploy: true,
  runUrl: 'https://github.com/octo/shop/actions/runs/17',
};

const BLOCKED = blockedBy(123, blockRecord());
const GONE = { kind: 'unreadable', newest: 130, id: 123, why: 'somebody deleted it' } as const satisfies Standing;

function decide(standing: Standing, asked = ASKED): Decision {
  return mayEnter(asked, standing, { here: [], after: [] }, NOW);
}

describe('gate/', () => {
  test('blocked: why, by whom, when, the run, the command and what may happen next', () => {
    expect(formatGateSummary(ASKED, decide(BLOCKED), NOW)).toMatchInlineSnapshot(`
"### Stopped: release \`1.1\` may not enter \`production\`

> [!CAUTION]
> **It is blocked since it proved bad in \`staging\`.** it crashes

| Block | Proved bad in | By a run of | When | Run |
| --- | --- | --- | --- | --- |
| \`123\` | \`staging\` | \`octocat\` | 11-21 12:00 UTC (3h ago) | [run 4711](https://github.com/octo/shop/actions/runs/4711) |

**To unblock it**, if it is not to blame:

\`\`\`sh
gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values.

Until then \`1.1\` may go only where it runs verified and did not prove bad; a re-run of this job changes nothing. A fixed release under a new name may enter, and so may a rollback to one that is not blocked.
"
`);
  });

  test('blocked from elsewhere, and kept by an older block from going again where it runs: that one is named, too', () => {
    const decision: Decision = { ...closedBy('1.1', BLOCKED), besides: 'record 101 blocks it in production' };
    expect(formatGateSummary(ASKED, decision, NOW)).toContain(`
> **It is blocked since it proved bad in \`staging\`.** it crashes
>
> It may not be deployed again here either: record 101 blocks it in production.
`);
  });

  test('a record that does not count', () => {
    expect(formatGateSummary(ASKED, decide(GONE), NOW)).toMatchInlineSnapshot(`
"### Stopped: release \`1.1\` may not enter \`production\`

> [!CAUTION]
> **What cannot be read closes the gate:** record 123 about 1.1 does not count: somebody deleted it.

**To lift the record**, once it is known what it was:

\`\`\`sh
gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values.

Until then \`1.1\` enters no environment; a re-run of this job changes nothing. A fixed release under a new name may enter, and so may a rollback to one that is not blocked.
"
`);
  });

  test('never verified', () => {
    expect(formatGateSummary(ASKED, decide({ kind: 'clear', newest: undefined }), NOW)).toMatchInlineSnapshot(`
"### Stopped: release \`1.1\` may not enter \`production\`

> [!CAUTION]
> **1.1 was never verified in staging: no record that counts names that environment, so check its spelling.**

If \`staging\` is the right name, deploy it there first, by a step with \`environment: staging\`: that records that it was verified there. Then run this job again for \`production\`.
"
`);
  });

  test('not soaked', () => {
    const why = '1.1 ran verified in staging for 30m at most, and not for 60m';
    const decision = { kind: 'closed', code: 'not-soaked', why } as const;
    expect(formatGateSummary({ ...ASKED, scope: 'shop' }, decision, NOW)).toMatchInlineSnapshot(`
"### Stopped: release \`1.1\` may not enter \`production\` (scope \`shop\`)

> [!CAUTION]
> **It has not run verified in \`staging\` for 1h yet.** 1.1 ran verified in staging for 30m at most, and not for 60m.

Run this job again when it has. Another release or a rollback in \`staging\` starts the time anew.
"
`);
  });

  test('open', () => {
    const open = decide({ kind: 'clear', newest: undefined }, { ...ASKED, after: '' });
    expect(formatGateSummary(ASKED, open, NOW)).toMatchInlineSnapshot(`
"### Release \`1.1\` may enter \`production\`

1.1 is not blocked.
"
`);
  });

  test('stopped before it could be asked', () => {
    expect(formatStopped('the gate could not be asked', ['the token may not read'])).toMatchInlineSnapshot(`
"### Stopped: the gate could not be asked

> [!CAUTION]
> the token may not read
"
`);
    expect(formatStopped('the inputs are not as they should be', ['one', 'two'])).toMatchInlineSnapshot(`
"### Stopped: the inputs are not as they should be

> [!CAUTION]
> - one
> - two
"
`);
  });
});

const ABOUT = { release: '1.1', scope: 'default', runUrl: ASKED.runUrl };
const REPORT = { ...ABOUT, id: 123, changed: true, reason: 'it crashes', standing: BLOCKED, runsIn: ['staging'] };

describe('block/', () => {
  test('blocked, and where it runs', () => {
    expect(formatBlockSummary(REPORT, NOW)).toMatchInlineSnapshot(`
"### Release \`1.1\` is blocked

it crashes

| Block | Proved bad in | By a run of | When | Run |
| --- | --- | --- | --- | --- |
| \`123\` | \`staging\` | \`octocat\` | 11-21 12:00 UTC (3h ago) | [run 4711](https://github.com/octo/shop/actions/runs/4711) |

**Recorded as running in \`staging\`:** a block undoes nothing. Roll back where it still runs. Where a canary of it is held, that keeps its pods until \`abort/\` takes it back.

To roll back to the last good release:

\`\`\`sh
gh workflow run rollback.yml -R octo/shop -f environment=staging -f reason='…'
\`\`\`

Or without \`gh\`: start [rollback.yml](https://github.com/octo/shop/actions/workflows/rollback.yml) with the same values.

**To unblock it**, if it is not to blame:

\`\`\`sh
gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values.

Until then \`1.1\` may go only where it runs verified and did not prove bad.
"
`);
  });

  test.each([
    [{ changed: false }, '### Release `1.1` was blocked already'],
    [{ changed: false, reason: 'prices' }, 'Nothing was written, so the reason given now is not kept: prices'],
    [
      { runsIn: [] },
      'No environment is recorded to run it now. Where a canary of it is held, that keeps its pods until `abort/` takes it back.',
    ],
    [{ runsIn: undefined }, 'could not be read. A block undoes nothing: where it runs, roll back.'],
    [{ standing: GONE }, 'The gate is closed to it, but by record `123`, which does not count: somebody deleted it.'],
    [{ standing: { kind: 'clear', newest: 124 } as const }, '### Release `1.1` is not blocked'],
  ])('%j', (over, said) => {
    expect(formatBlockSummary({ ...REPORT, ...over }, NOW)).toContain(said);
  });
});

describe('unblock/', () => {
  const closed = closedBy('1.1', BLOCKED);
  const [ids, environment] = [{ id: 124, lifted: 123 }, 'staging'];
  const about = { ...ABOUT, ...ids, environment, presumed: false };
  const written = { ...about, kind: 'written', reason: 'it was the network' } as const;

  test('unblocked, still blocked, refused, never blocked', () => {
    const reports: readonly UnblockActionReport[] = [
      { ...written, closed: undefined },
      { ...written, environment: '', closed: undefined },
      { ...written, presumed: true, closed: undefined },
      { ...written, closed },
      { ...ABOUT, kind: 'refused', named: 99, closed },
      { ...ABOUT, kind: 'not-blocked' },
    ];
    const summaries = reports.map((report) => formatUnblockSummary(report, NOW));
    expect(summaries.join('\n---\n\n')).toMatchInlineSnapshot(`
"### Release \`1.1\` is unblocked

Record \`124\` lifts record \`123\`: it was the network

Jobs that the gate stopped may be run again. Nothing is deployed by itself. Where a gate has \`after: staging\`, it also asks whether it was ever verified in \`staging\`: if it was not, deploy it there first.

---

### Release \`1.1\` is unblocked

Record \`124\` lifts record \`123\`: it was the network

Jobs that the gate stopped may be run again. Nothing is deployed by itself. Where a gate has \`after\`, it also asks whether it was ever verified there: if it was not, deploy it there first.

---

### Record 123 is not there

If it blocked \`1.1\`, it no longer does. Record \`124\` lifts record \`123\`: it was the network

Jobs that the gate stopped may be run again. Nothing is deployed by itself. Where a gate has \`after: staging\`, it also asks whether it was ever verified in \`staging\`: if it was not, deploy it there first.

---

### Stopped: release \`1.1\` is still blocked

> [!CAUTION]
> **Something else closes the gate:** 1.1 is blocked in staging by a run of octocat: it crashes

| Block | Proved bad in | By a run of | When | Run |
| --- | --- | --- | --- | --- |
| \`123\` | \`staging\` | \`octocat\` | 11-21 12:00 UTC (3h ago) | [run 4711](https://github.com/octo/shop/actions/runs/4711) |

**To lift that one**, if the release is not to blame for it either:

\`\`\`sh
gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values.

Record \`124\` lifts record \`123\`: it was the network

---

### Stopped: release \`1.1\` stays blocked

> [!CAUTION]
> **Record 99 is not what closes the gate:** 1.1 is blocked in staging by a run of octocat: it crashes

| Block | Proved bad in | By a run of | When | Run |
| --- | --- | --- | --- | --- |
| \`123\` | \`staging\` | \`octocat\` | 11-21 12:00 UTC (3h ago) | [run 4711](https://github.com/octo/shop/actions/runs/4711) |

**To lift that one**, if the release is not to blame for it either:

\`\`\`sh
gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/octo/shop/actions/workflows/unblock.yml) with the same values.

Nothing was written.

---

### Release \`1.1\` is not blocked in scope \`default\`

Nothing was written. Names are compared exactly, and each scope has blocks of its own: \`history/\` shows what is blocked.
"
`);
  });
});

describe.each(Object.entries(HOSTILE))('hostile text everywhere: %s', (_, hostile) => {
  const block = blockRecord({ environment: hostile, actor: hostile, reason: hostile, runUrl: hostile, at: hostile });
  const asked = { ...ASKED, release: hostile, environment: hostile, after: hostile, scope: hostile, runUrl: hostile };
  const standing = { ...BLOCKED, block };
  const unreadable = { ...GONE, why: hostile };
  const about = { release: hostile, scope: hostile, runUrl: hostile, reason: hostile, environment: hostile };
  const summaries = [
    ...[standing, unreadable, { kind: 'clear', newest: undefined } as const].map((each) =>
      formatGateSummary(asked, decide(each, asked), NOW),
    ),
    formatGateSummary(asked, { kind: 'open', why: hostile }, NOW),
    formatGateSummary(asked, { kind: 'closed', code: 'not-soaked', why: hostile }, NOW),
    formatGateSummary(asked, { ...closedBy(hostile, standing), besides: hostile }, NOW),
    formatStopped(hostile, [hostile]),
    formatStopped('the inputs are not as they should be', [hostile, hostile]),
    ...[standing, unreadable].flatMap((each) => [
      formatBlockSummary({ ...REPORT, ...about, standing: each, runsIn: [hostile], changed: false }, NOW),
      formatBlockSummary({ ...REPORT, runUrl: '', standing: each, runsIn: [hostile] }, NOW),
    ]),
    ...[closedBy(hostile, standing), closedBy(hostile, unreadable), undefined].map((closed) =>
      formatUnblockSummary({ ...about, kind: 'written', id: 124, lifted: 123, presumed: false, closed }, NOW),
    ),
    formatUnblockSummary({ ...about, kind: 'refused', named: 99, closed: closedBy(hostile, standing) }, NOW),
  ];

  test('stays text', () => {
    const allowed =
      /^(?:(?:heading|table|thead|tbody|tr|th|td|strong|paragraph|blockquote|bullet_list|list_item)_(?:open|close)|inline|text|text_special|code_inline|html_inline|softbreak|fence)$/;
    for (const summary of summaries) {
      const { kinds, html } = render(summary);
      expect([...kinds].filter((kind) => !allowed.test(kind))).toEqual([]);
      expect(html.filter((tag) => !/^<\/?span>$/.test(tag))).toEqual([]);
      expect(summary).not.toMatch(/[^\P{Cc}\n]/u);
      expect(Buffer.byteLength(summary)).toBeLessThan(900 * 1024);
    }
  });

  test('is in no command', () => {
    for (const summary of summaries) {
      const commands = summary.match(/^gh workflow run .*$/gm) ?? [];
      for (const command of commands)
        expect(command).toMatch(
          /^gh workflow run (?:unblock\.yml -f release=(?:'…' -f scope='…'|1\.1) -f block=\d+|rollback\.yml -f environment=(?:'…'|---)) -f reason='…'$/,
        );
    }
  });
});
