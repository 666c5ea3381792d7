import { describe, expect, test } from '@jest/globals';
import { formatHistory, historyLines } from '../../src/report/history.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';
import { sampleRow } from './sample.ts';

const NOW = Date.parse('2026-11-21T03:00:00Z');

test('releases with their marks, newest first as given', () => {
  const rows = [
    sampleRow({ release: '2.0.0', revision: '9', verdict: 'failed', createdAt: '2026-11-21T02:00:00Z' }),
    sampleRow({ release: '1.4.2', revision: '10', live: true, lastGood: true }),
    sampleRow({ verdict: 'rolled-back', note: 'revision 6 was changed by kubectl-set' }),
    sampleRow({ release: '1.4.0', revision: '', restorable: 'ledger-snapshot', createdAt: '2026-09-20T10:00:00Z' }),
    sampleRow({ release: '', revision: '2', restorable: '', verdict: '', createdAt: '' }),
    sampleRow({ workload: 'deployment/api', release: '1.4.2', live: true }),
    sampleRow({ workload: 'deployment/api', lastGood: true }),
  ];
  expect(formatHistory(rows, NOW)).toMatchInlineSnapshot(`
"### \`deployment/web\`: release \`1.4.2\` is live and the last good one

| Release | Revision | Images | Age | Verdict | Restorable | Note |
| --- | --- | --- | --- | --- | --- | --- |
| \`2.0.0\` | \`9\` | \`app=registry.example.com/shop/web:1.4.1\` | 1h | **failed** | yes |  |
| \`1.4.2\`<br>**live**, last good | \`10\` | \`app=registry.example.com/shop/web:1.4.1\` | 17h | verified |  |  |
| \`1.4.1\` | \`6\` | \`app=registry.example.com/shop/web:1.4.1\` | 17h | rolled-back | yes | revision 6 was changed by kubectl-set |
| \`1.4.0\` |  | \`app=registry.example.com/shop/web:1.4.1\` | 61d | verified | yes, from the ledger |  |
| (no name) | \`2\` | \`app=registry.example.com/shop/web:1.4.1\` |  | none | no |  |

### \`deployment/api\`: release \`1.4.2\` is live, \`1.4.1\` is the last good one

| Release | Revision | Images | Age | Verdict | Restorable | Note |
| --- | --- | --- | --- | --- | --- | --- |
| \`1.4.2\`<br>**live** | \`6\` | \`app=registry.example.com/shop/web:1.4.1\` | 17h | verified |  |  |
| \`1.4.1\`<br>last good | \`6\` | \`app=registry.example.com/shop/web:1.4.1\` | 17h | verified | yes |  |
"
`);
});

test('a held canary is told before what it stands beside, with the pods of both', () => {
  const rows = [
    sampleRow({ release: '1.5.0', canary: true, pods: 1, verdict: 'attempted' }),
    sampleRow({ release: '1.4.2', live: true, lastGood: true, pods: 3 }),
  ];
  const told = formatHistory(rows, NOW);
  expect(told).toContain(
    '### `deployment/web`: a canary of `1.5.0` is held, 1 ready pod beside 3 ready pods of `1.4.2`',
  );
  expect(told).toContain('| `1.5.0`<br>**canary** |');
  expect(told).toContain('| `1.4.2`<br>**live**, last good |');
});

test('what the gate is closed to is not called verified alone', () => {
  const rows = [sampleRow({ release: '1.5.0' }), sampleRow({ release: '1.4.2', live: true, verdict: 'failed' })];
  const told = formatHistory(rows, NOW, [], ['1.5.0', '1.4.2']);
  expect(told).toMatch(/^\| `1\.5\.0` \|.*\| verified, \*\*blocked\*\* \| yes \|/m);
  expect(told).toMatch(/^\| `1\.4\.2`<br>\*\*live\*\* \|.*\| \*\*failed\*\*, \*\*blocked\*\* \|/m);
});

test('the log has a line for each workload', () => {
  const rows = [
    sampleRow({ release: '1.4.2', live: true }),
    sampleRow({ lastGood: true }),
    sampleRow({ workload: 'deployment/api', release: '', live: true }),
  ];
  expect(historyLines(rows)).toEqual([
    'deployment/web: release 1.4.2 is live, 1.4.1 is the last good one',
    'deployment/api: release (no name) is live',
  ]);
});

test('no releases are said', () => {
  expect(formatHistory([], NOW)).toBe('### No releases are known here\n');
});

test('of a thousand releases the first two hundred are shown', () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => sampleRow({ release: `1.0.${index}` }));
  const history = formatHistory(rows, NOW);
  expect(history.match(/^\| `1/gm)).toHaveLength(200);
  expect(history).toContain('800 more are left out here');
});

describe.each(Object.entries(HOSTILE))('hostile text everywhere: %s', (_, hostile) => {
  test('stays text in its cells', () => {
    const row = sampleRow({ workload: hostile, release: hostile, images: { [hostile]: hostile }, note: hostile });
    const { kinds, html } = render(formatHistory([row, { ...row, live: true, lastGood: true }], NOW));
    const allowed =
      /^(?:(?:heading|table|thead|tbody|tr|th|td|strong)_(?:open|close)|inline|text|text_special|code_inline|html_inline)$/;
    expect([...kinds].filter((kind) => !allowed.test(kind))).toEqual([]);
    expect(html.filter((tag) => !/^<(?:\/?span|br)>$/.test(tag))).toEqual([]);
  });
});
