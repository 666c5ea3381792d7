import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { type Closed, closedBy } from '../../src/gate/rule.ts';
import { toAnnotations } from '../../src/report/annotations.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result } from '../../src/result.ts';
import { blockedBy, blockRecord } from '../gate/sample-records.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';
import { sampleResult, sampleWorkload } from './sample.ts';
import { blockingRun, stoppedRun } from './sample-gate.ts';

test('a release that the gate stopped on one workload of a train, while it went onto another', () => {
  const stopped = stoppedRun();
  const api = { ...sampleWorkload(), workload: 'deployment/api', previousRelease: '1.4.1', release: '1.4.2' };
  const summary = formatSummary({ ...stopped, changed: true, workloads: [...stopped.workloads, api] });
  expect(summary).toContain('was not rolled out on `deployment/web` in namespace');
  expect(summary).toContain('It went no further, and a re-run of this job changes nothing until the record is lifted.');
  expect(summary).toContain('**It is now live on `deployment/api`**: roll back as shown below.');
  expect(summary).toContain('**Roll back to `1.4.1`**');
});

test('a release that the gate stopped', () => {
  expect(formatSummary(stoppedRun())).toMatchInlineSnapshot(`
"### Stopped by the gate: release \`1.4.2\` was not rolled out on \`deployment/web\` in namespace \`shop\` – it is blocked by a run of octocat, since it proved bad in staging

> [!CAUTION]
> **Blocked:** container app exits 3, 4 restarts: "boom"

| Block | Proved bad in | By a run of | When | Run |
| --- | --- | --- | --- | --- |
| \`123\` | \`staging\` | \`octocat\` | 11-21 12:00 UTC (3h ago) | [run 4711](https://github.com/octo/shop/actions/runs/4711) |

**To unblock it**, if it is not to blame:

\`\`\`sh
gh workflow run unblock.yml -R example/shop -f release=1.4.2 -f block=123 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/example/shop/actions/workflows/unblock.yml) with the same values.

Nothing was changed, and a re-run of this job changes nothing until the record is lifted. A fixed release under a new name may enter, and so may a rollback to one that is not blocked; \`1.4.2\` may still be restarted where it runs well.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | **blocked** | \`1.4.1\` | \`6\` | 3 of 3 available | 0s |

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('the annotation of a stopped run says why in its message alone', () => {
  const title = 'Stopped by the gate: release 1.4.2 was not rolled out on deployment/web in namespace shop';
  const { message } = stoppedRun();
  expect(toAnnotations(stoppedRun())).toEqual([{ level: 'error', title, message }]);
});

test('a release that was rolled back, and is blocked now', () => {
  expect(formatSummary(blockingRun('written'))).toMatchInlineSnapshot(`
"### Rolled back to \`1.4.1\`: release \`1.4.2\` failed on \`deployment/web\` in namespace \`shop\`

> [!CAUTION]
> **Cause:** deployment/web: 1.4.2 failed: container app exits 3
>
> **Rollback:** to \`1.4.1\`, done in 3s; 3 of 3 pods are available.
>
> Fix it and deploy that as a new release. If \`1.4.2\` is not to blame, unblock it as shown below; until then the gate stops it, in a re-run, too.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | **rolled-back** | \`1.4.1\` → \`1.4.2\` → \`1.4.1\` | \`6\` → \`7\` | 3 of 3 available | 42s |

**\`1.4.2\` is blocked now** (record \`124\`): it enters no further environment. **To unblock it**, if it is not to blame:

\`\`\`sh
gh workflow run unblock.yml -R example/shop -f release=1.4.2 -f block=124 -f reason='…'
\`\`\`

Or without \`gh\`: start [unblock.yml](https://github.com/example/shop/actions/workflows/unblock.yml) with the same values.

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('a block that is missing is said before all else, with the command that makes up for it', () => {
  const summary = formatSummary(blockingRun('missing'));
  expect(summary).toContain('**The block is missing:** `1.4.2` may enter the next environment');
  expect(summary).toContain('api.github.com does not answer');
  expect(summary).toContain(
    "gh workflow run block.yml -R example/shop -f release=1.4.2 -f environment=staging -f reason='…'",
  );
  expect(summary.indexOf('The block is missing')).toBeLessThan(summary.indexOf('| Workload |'));
  expect(summary).toContain(
    'If `1.4.2` is to blame, block it first, as shown below; then fix it and deploy that as a new release. If it is not, run it again.',
  );
  expect(toAnnotations(blockingRun('missing')).slice(1)).toEqual([
    {
      level: 'error',
      title: 'The block of 1.4.2 is missing',
      message:
        "1.4.2 could not be blocked, so it may enter the next environment: GitHub at api.github.com does not answer; to block it: gh workflow run block.yml -R example/shop -f release=1.4.2 -f environment=staging -f reason='…'",
    },
  ]);
});

test('a release that was blocked before is said to have been', () => {
  expect(formatSummary(blockingRun('stood'))).toContain('**`1.4.2` was blocked already** (record `124`)');
});

test('a gate that could not be asked says what to do, and names no record to lift', () => {
  const { message: why } = new GitHubError('forbidden', 'add `permissions: { deployments: read }` to the job');
  const closed = { kind: 'closed', code: 'gate-unreadable', why } as const;
  const summary = formatSummary(stoppedBy(closed));
  expect(render(summary).text).toContain('add `permissions: { deployments: read }` to the job');
  expect(summary).not.toContain('unblock.yml');
  expect(summary).toContain('Mend what is named above, then run this job again');
});

test('a record that does not count can be lifted, too', () => {
  const closed = {
    kind: 'closed',
    code: 'gate-unreadable',
    why: 'record 7 about 1.4.2 does not count',
    id: 7,
  } as const;
  const summary = formatSummary(stoppedBy(closed));
  expect(summary).toContain('**To lift the record**, once it is known what it was:');
  expect(summary).toContain('-f block=7');
});

test('warnings of the gate are in the summary and in one warning', () => {
  const gate = { answer: 'unknown', blocks: [], warnings: ['first', 'second'] } as const;
  expect(formatSummary(sampleResult({ gate }))).toContain('> **At the gate:**\n>\n> - first\n> - second');
  expect(toAnnotations(sampleResult({ gate })).slice(1)).toEqual([
    { level: 'warning', title: 'Warnings of the gate', message: 'first\nsecond' },
  ]);
});

test('the way back from a rollback says that the gate stops it now', () => {
  const blocks = [{ release: '1.4.2', state: 'written', id: 5, reason: '', problem: '' }] as const;
  const moved = { mode: 'rollback', release: '1.4.1', previousRelease: '1.4.2' } as const;
  const result = sampleResult({
    ...moved,
    workloads: [sampleWorkload(moved)],
    gate: { answer: 'open', blocks, warnings: [] },
  });
  expect(formatSummary(result)).toContain('The gate stops `1.4.2` until it is unblocked, as shown above.');
});

test('a stopped release that is live all the same is said to be, with the way back', () => {
  const stopped = stoppedRun();
  const workloads = stopped.workloads.map((each) => ({ ...each, previousRelease: '1.4.2', lastGoodRelease: '1.4.1' }));
  const summary = formatSummary({ ...stopped, workloads });
  expect(summary).toContain('**It is still live on `deployment/web`**: roll back as shown below.');
  expect(summary).toContain('**Roll back to `1.4.1`**');
  expect(formatSummary(stopped)).not.toContain('still live');
});

function stoppedBy(closed: Closed): Result {
  return {
    ...stoppedRun(),
    gate: { answer: 'closed', closed, askedAt: '2026-11-21T15:00:00Z', blocks: [], warnings: [] },
  };
}

describe.each(Object.entries(HOSTILE))('hostile text everywhere: %s', (_, hostile) => {
  const clean = ({ kinds, html }: ReturnType<typeof render>) => {
    const allowed =
      /^(?:(?:heading|paragraph|table|thead|tbody|tr|th|td|blockquote|bullet_list|list_item|strong)_(?:open|close)|inline|text|text_special|softbreak|code_inline|fence|html_inline|html_block)$/;
    expect([...kinds].filter((kind) => !allowed.test(kind))).toEqual([]);
    const tags = html.flatMap((markup) => markup.match(/<[^>]*>?/g) ?? []);
    expect(tags.filter((tag) => !/^<(?:\/?(?:details|summary|span)|br)>$/.test(tag))).toEqual([]);
  };

  const hostileBlock = { environment: hostile, actor: hostile, runUrl: hostile, at: hostile, reason: hostile };
  const block = blockRecord({ release: hostile, ...hostileBlock });
  const closed = closedBy(hostile, blockedBy(123, block));

  test.each([
    ['stopped', { ...stoppedRun(hostile, hostile), gate: stoppedBy(closed).gate }],
    ['missing', { ...blockingRun('missing', hostile), scope: hostile }],
    ['blocked', { ...blockingRun('written'), scope: hostile, release: hostile }],
  ])('%s', (_, result) => {
    const blocks = result.gate.blocks.map((each) => ({ ...each, release: hostile, reason: hostile }));
    const hurt = { ...result, runUrl: hostile, gate: { ...result.gate, blocks, warnings: [hostile] } };
    clean(render(formatSummary(hurt)));
    for (const { title, message } of toAnnotations(hurt)) {
      expect(title).not.toMatch(/\p{Cc}/u);
      expect(message.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  });
});
