import { describe, expect, test } from '@jest/globals';
import { toAnnotations } from '../../src/report/annotations.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import { HOSTILE } from './hostile.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

const CANARY = { from: '1.4.1', pods: 1, beside: 10, size: '1', next: { size: '25%', pods: 3 } };
const MESSAGE = 'deployment/web: 1.4.2 is held as a canary, 1 pod beside 10 of 1.4.1';

function heldWorkload(overrides: Partial<WorkloadResult> = {}): WorkloadResult {
  return sampleWorkload({
    ...{ outcome: 'paused', reasonCode: 'canary-held', message: MESSAGE, canary: CANARY, timeline: [] },
    pods: { desired: 10, updated: 1, available: 10 },
    ...overrides,
  });
}

function held(workloads: readonly WorkloadResult[] = [heldWorkload()], overrides: Partial<Result> = {}): Result {
  return sampleResult({ outcome: 'paused', reasonCode: 'canary-held', message: MESSAGE, workloads, ...overrides });
}

describe('a canary that is held', () => {
  test('is told with its share, and with how to go on and back', () => {
    expect(formatSummary(held())).toMatchInlineSnapshot(`
"### Holding a canary: release \`1.4.2\` runs on 1 pod beside 10 of \`1.4.1\` on \`deployment/web\` in namespace \`shop\`

It is ready and stays so: Kubernetes goes on only when somebody lets it. A Service that spreads requests evenly sends it about 9 % of them. Let it go on to \`25%\` (3 pods), or take it back, as shown below; running the same release again lets it go on, too.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | canary held | \`1.4.1\` → \`1.4.2\` | \`6\` → \`7\` | 1 canary pod beside 10 | 42s |

**Let \`1.4.2\` go on** (\`to: all\` skips the sizes that are left):

\`\`\`yaml
- uses: rollkey/rollkey/promote@v0
  with:
    namespace: "shop"
    deployment: "web"
    release: "1.4.2"
    environment: "staging"
    to: "next"
\`\`\`

**Take it back** to \`1.4.1\`:

\`\`\`yaml
- uses: rollkey/rollkey/abort@v0
  with:
    namespace: "shop"
    deployment: "web"
    release: "1.4.2"
    environment: "staging"
    reason: "why"
\`\`\`

Add this job's \`kubeconfig\`, where it has one; to a promotion its \`verify\` and \`update-config\`, too, which are not remembered.

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
  });

  test('passes: a notice', () => {
    expect(toAnnotations(held())[0]).toEqual({
      level: 'notice',
      title: 'Holding a canary: release 1.4.2 runs on 1 pod beside 10 of 1.4.1 on deployment/web in namespace shop',
      message: MESSAGE,
    });
  });

  test('says which pods come next once: a size in pods is no share', () => {
    const next = { size: '3', pods: 3 };
    expect(formatSummary(held([heldWorkload({ canary: { ...CANARY, next } })]))).toContain(
      'Let it go on to 3 pods, or take it back',
    );
  });

  test('whose run was cancelled while it held it does not go on by itself', () => {
    const summary = formatSummary(held([heldWorkload({ canary: { ...CANARY, abandoned: true } })]));
    const cancelled = 'This run was cancelled while it held the canary, so it does not go on by itself.';
    expect(summary).toContain(`\n\n${cancelled} It is ready and stays so`);
    expect(summary).toContain('rollkey/promote@v0');
    expect(formatSummary(held())).not.toContain(cancelled);
  });

  test('at its last size goes on to all pods', () => {
    const { next: _, ...last } = CANARY;
    const summary = formatSummary(held([heldWorkload({ canary: last })]));
    expect(summary).toContain('Let it go on to all 10 pods,');
    expect(summary).toContain('**Let `1.4.2` go on** to all pods:');
    expect(summary).toContain('    to: "all"');
    expect(summary).not.toContain('skips the sizes');
  });

  test('of several workloads is counted together', () => {
    const api = heldWorkload({
      workload: 'deployment/api',
      canary: { ...CANARY, beside: 4 },
      pods: { desired: 4, updated: 1, available: 4 },
    });
    const summary = formatSummary(held([heldWorkload(), api]));
    expect(summary).toContain('runs on 2 pods beside 14 of `1.4.1`');
    expect(summary).toContain('a small part of them');
    expect(summary).toContain('deployment: "web, api"');
  });

  test.each(Object.entries(HOSTILE))('%s as a name does no harm', (_, name) => {
    const workload = heldWorkload({ release: name, canary: { ...CANARY, from: name } });
    const summary = formatSummary(held([workload], { release: name }));
    // In a step that is copied, an expression would be evaluated.
    expect(summary).not.toMatch(/^ {4}\w+: .*\$\{\{/m);
    expect(summary.split('\n').filter((line) => line.startsWith('### '))).toHaveLength(1);
  });
});

describe('a canary that is planned', () => {
  const planned = { outcome: 'planned', reasonCode: 'planned', changed: false } as const;
  const told = (overrides: Partial<WorkloadResult>) =>
    formatSummary(
      sampleResult({ ...planned, workloads: [sampleWorkload({ ...planned, timeline: [], ...overrides })] }),
    );

  test('is told with its size, and what comes after it', () => {
    const summary = told({ plannedCanary: { from: '1.4.1', pods: 1, sizes: ['1', '25%'] } });
    expect(summary).toMatch(/^### Plan: hold a canary of release `1\.4\.2` on `deployment\/web`/);
    expect(summary).toContain(
      'It would be held on 1 pod beside `1.4.1`, the sizes being `1`, `25%`. Nothing was changed.',
    );
  });

  test('to go on to all pods says how it is held now', () => {
    const summary = told({ plannedCanary: { from: '1.4.1', sizes: ['1'] }, canary: CANARY });
    expect(summary).toMatch(/^### Plan: let the canary of release `1\.4\.2` go on to all pods on/);
    expect(summary).toContain('| 1 canary pod beside 10 |');
    expect(summary).not.toContain('uses: rollkey');
  });
});

test('an abort is told by what is left', () => {
  const aborted = {
    outcome: 'aborted',
    reasonCode: 'canary-aborted',
    mode: 'rollback',
    release: '1.4.1',
    previousRelease: '1.4.2',
  } as const;
  const workloads = [sampleWorkload({ ...aborted, timeline: [] })];
  const why = formatSummary(sampleResult({ ...aborted, workloads, reason: 'rejected by @mona: too slow' }));
  expect(why).toContain('\n\nWhy: rejected by');
  expect(formatSummary(sampleResult({ ...aborted, direction: 'down', workloads }))).toMatchInlineSnapshot(`
"### Aborted the canary of \`1.4.2\`: release \`1.4.1\` has all pods again on \`deployment/web\` in namespace \`shop\`

After 42s, 3 of 3 pods are available. Nothing of the canary is left.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | aborted | \`1.4.2\` → \`1.4.1\` | \`6\` → \`7\` | 3 of 3 available | 42s |

Mode rollback: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('a rollback that takes a canary back says no more, and offers no way to bring it to all pods', () => {
  const back = { mode: 'rollback', release: '1.4.1', previousRelease: '1.4.2' } as const;
  const told = (overrides: Partial<WorkloadResult>) =>
    formatSummary(sampleResult({ ...back, workloads: [sampleWorkload({ ...back, ...overrides })] }));
  const undo = 'How to undo this rollback';
  expect(told({ leavesCanary: true })).toMatch(/^### Rolled back: release `1\.4\.1` has all pods again/);
  expect(told({ leavesCanary: true })).not.toContain(undo);
  expect(told({})).toContain(undo);
});

test.each([
  ['1.4.2', 'Nothing was changed: no canary of release `1.4.2` is held'],
  ['', 'Nothing was changed: no canary is held'],
])('a canary that was promoted or taken back before (%j): nothing is to be corrected', (release, heading) => {
  const message = 'deployment/web: no canary is held, 1.4.2 is live';
  const none = { outcome: 'failed', reasonCode: 'no-canary', message, mode: '', changed: false } as const;
  const summary = formatSummary(sampleResult({ ...none, release, workloads: [] }));
  expect(summary.split('\n')[0]).toBe(`### ${heading}`);
  expect(summary).toContain(`> **Cause:** ${message}\n`);
  expect(summary).not.toMatch(/Correct it|not rolled out/);
});

describe('a rollout that was paused since it failed', () => {
  const runs = [
    { release: '1.4.2', pods: 1, ready: 0 },
    { release: '1.4.1', pods: 10, ready: 10 },
  ];
  const failed = { outcome: 'paused', reasonCode: 'container-crashed', timeline: [], runs } as const;

  test('tells how many pods run what, and how to go on and back', () => {
    const summary = formatSummary(
      sampleResult({ ...{ outcome: 'paused', reasonCode: 'container-crashed' }, workloads: [sampleWorkload(failed)] }),
    );
    expect(summary).toContain('After 42s, 1 pod runs `1.4.2` (0 ready), 10 pods run `1.4.1` (10 ready).');
    expect(summary).toContain(
      'to go on, run `1.4.2` again, or `kubectl rollout resume -n shop deployment/web`; roll back as shown below',
    );
  });

  test('as a canary grows no further, and can be taken back', () => {
    const workloads = [sampleWorkload({ ...failed, canary: { ...CANARY, pods: 0 } })];
    const summary = formatSummary(
      sampleResult({ ...{ outcome: 'paused', reasonCode: 'container-crashed' }, workloads }),
    );
    expect(summary).toContain('The canary grows no further.');
    expect(summary).toContain('rollkey/abort@v0');
    expect(summary).not.toContain('rollkey/promote@v0');
  });
});
