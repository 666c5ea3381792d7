import { expect, test } from '@jest/globals';
import { blueGreenSection } from '../../src/report/blue-green.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { BlueGreenReport } from '../../src/rollout/blue-green-report.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

const report: BlueGreenReport = {
  ...{ service: 'web', blue: 'web-blue', green: 'web-green', switched: 'yes' },
  live: { workload: 'deployment/web-green', release: '1.4.2', label: '1.4.2', pods: 3 },
  idle: { workload: 'deployment/web-blue', release: '', label: 'app=web:1.4.1', pods: 3 },
  remark: 'deployment/web-blue keeps its pods (3): a rollback to what it has is one switch of the Service',
};

test('both colours, what was done, and what a way back takes', () => {
  expect(blueGreenSection(sampleResult({ blueGreen: report }))).toMatchInlineSnapshot(`
"|  | Deployment | Release | Pods |
| --- | --- | --- | --- |
| selected by service \`web\` | \`deployment/web-green\` | \`1.4.2\` | 3 |
| serves nobody | \`deployment/web-blue\` | \`app=web:1.4.1\` | 3 |

Service \`web\` was switched from \`deployment/web-blue\` to \`deployment/web-green\` in one write. deployment/web-blue keeps its pods (3): a rollback to what it has is one switch of the Service."
`);
});

test.each([
  ['no', 'was not switched'],
  ['back', 'was switched to `deployment/web-blue`, and back to `deployment/web-green`'],
  ['unknown', 'could not be seen: run it again'],
] as const)('a Service that was switched: %s', (switched, words) => {
  expect(blueGreenSection(sampleResult({ blueGreen: { ...report, switched } }))).toContain(words);
});

test('a plan says what would be done to the Service, and no time that nothing took', () => {
  const workloads = [
    sampleWorkload({ outcome: 'planned', seconds: 0, pods: { desired: 0, updated: 0, available: 0 } }),
  ];
  const blueGreen = { ...report, switched: 'no', remark: 'service web would be switched' } as const;
  const summary = formatSummary(sampleResult({ outcome: 'planned', reasonCode: 'planned', workloads, blueGreen }));
  expect(summary).toContain('Service `web` would be switched to `deployment/web-blue`.');
  expect(summary).toContain('| no pods |  |\n');
});

test('without a Service there is nothing to say', () => {
  expect(blueGreenSection(sampleResult())).toBe('');
});

test('the way back is through the Service', () => {
  const summary = formatSummary(sampleResult({ blueGreen: report }));
  expect(summary).toContain('  deployment: "web-blue, web-green"\n  blue-green: "web"\n  mode: "rollback"');
});

test('a release that failed before the switch left nobody unserved', () => {
  const rollback = { to: '1.4.1', state: 'done', message: 'service web was never switched', seconds: 0.2 } as const;
  const ended = { outcome: 'rolled-back', reasonCode: 'check-failed', changed: true } as const;
  const workloads = [sampleWorkload({ ...ended, workload: 'deployment/web-green', rollback })];
  const idle = { ...report.idle, workload: 'deployment/web-green', label: 'app=web:1.4.0', pods: 2 };
  const blueGreen = {
    ...report,
    switched: 'no',
    live: { ...report.live, workload: 'deployment/web-blue' },
    idle,
  } as const;
  const summary = formatSummary(sampleResult({ ...ended, rolledBackTo: '1.4.1', workloads, blueGreen }));
  expect(summary).toMatch(/^### Never switched to: release `1\.4\.2` failed on `deployment\/web-green`/);
  expect(summary).toContain('**Nobody was served by it:** service web was never switched.');
  expect(summary).toContain('| **rolled-back** | `app=web:1.4.0` → `1.4.2` → `app=web:1.4.0` |');
  // The counts of the result are those of what serves.
  expect(summary).toContain('| 2, serving nobody |');
  expect(formatSummary(sampleResult({ workloads, blueGreen: { ...blueGreen, idle: { ...idle, pods: 0 } } }))).toContain(
    '| no pods |',
  );
});

test('a release that stays on a colour that was never switched to took the place of what that had', () => {
  const failed = { outcome: 'failed', reasonCode: 'container-crashed', changed: true } as const;
  const workloads = [sampleWorkload({ ...failed, workload: 'deployment/web-blue' })];
  const idle = { ...report.idle, release: '1.4.2', label: '1.4.2', before: '1.3.0' };
  const blueGreen = { ...report, switched: 'no', idle } as const;
  const summary = formatSummary(sampleResult({ ...failed, workloads, blueGreen }));
  expect(summary).toContain('| `deployment/web-blue` | **failed** | `1.3.0` → `1.4.2` |');
});

test('a restart that fails where it serves is told as any', () => {
  const rollback = { to: '1.4.1', state: 'done', message: 'rolled back to 1.4.1', seconds: 3 } as const;
  const ended = { outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.4.1' } as const;
  const workloads = [sampleWorkload({ ...ended, workload: 'deployment/web-green', rollback })];
  const summary = formatSummary(sampleResult({ ...ended, workloads, blueGreen: { ...report, switched: 'no' } }));
  expect(summary).toContain('`1.4.1` → `1.4.2` → `1.4.1` | `6` → `7` | 3 of 3 available |');
});

test('what was never switched to is not to be rolled back, and is called so', () => {
  const failed = { outcome: 'failed', reasonCode: 'check-inconclusive', changed: true } as const;
  const workloads = [sampleWorkload({ ...failed, workload: 'deployment/web-blue' })];
  const summary = formatSummary(sampleResult({ ...failed, workloads, blueGreen: { ...report, switched: 'no' } }));
  expect(summary).toMatch(/^### Not switched: release `1\.4\.2` was not seen well on `deployment\/web-blue`/);
  expect(summary).not.toContain('mode: "rollback"');
});
