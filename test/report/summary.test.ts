import { describe, expect, test } from '@jest/globals';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result } from '../../src/result.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';
import { sampleResult, sampleWorkload } from './sample.ts';
import { SAMPLE_RUNS } from './sample-runs.ts';

test('a deploy that succeeded', () => {
  expect(formatSummary(SAMPLE_RUNS.deployed)).toMatchInlineSnapshot(`
"### Deployed: release \`1.4.2\` is live on \`deployment/web\` in namespace \`shop\`

After 42s, 3 of 3 pods are available. Later steps may go on.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | succeeded | \`1.4.1\` → \`1.4.2\` | \`6\` → \`7\` | 3 of 3 available | 42s |

\`\`\`mermaid
%%{init: {"gantt": {"leftPadding": 138}}}%%
gantt
    dateFormat x
    axisFormat %s s
    section deployment/web
    0s template set :done, 400, 1100
    1s 1 of 3 pods updated :done, 1100, 18000
    18s 2 of 3 pods updated :done, 18000, 31000
    31s 3 of 3 pods updated :done, 31000, 42300
    42s available :active, 42300, 42935
\`\`\`

**Roll back to \`1.4.1\`** with the workflow \`rollback.yml\`, where there is one:

\`\`\`sh
gh workflow run rollback.yml -R example/shop -f environment=staging -f release=1.4.1 -f reason='…'
\`\`\`

Or without \`gh\`: start [rollback.yml](https://github.com/example/shop/actions/workflows/rollback.yml) with the same values.

Or with these inputs in a step:

\`\`\`yaml
with:
  namespace: "shop"
  deployment: "web"
  mode: "rollback"
  release: "1.4.1"
  environment: "staging"
\`\`\`

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('a rollback, with drift', () => {
  expect(formatSummary(SAMPLE_RUNS.rolledBack)).toMatchInlineSnapshot(`
"### Rolled back: release \`1.4.1\` is live again on \`deployment/web\` in namespace \`shop\`

After 9s, 3 of 3 pods are available. Later steps may go on.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | succeeded | \`1.4.2\` → \`1.4.1\` | \`7\` → \`8\` | 3 of 3 available | 9s |

Also written to: \`deployment/web\` by HorizontalPodAutoscaler.

> [!WARNING]
> **Ledger and cluster disagree:**
>
> - deployment/web: revision 7 says 1.4.2 but runs web:hotfix, changed by kubectl-set

\`\`\`mermaid
%%{init: {"gantt": {"leftPadding": 138}}}%%
gantt
    dateFormat x
    axisFormat %s s
    tickInterval 1second
    section deployment/web
    0s template of 1.4.1 set :done, 300, 5000
    5s 2 of 3 pods updated :done, 5000, 9000
    9s available :active, 9000, 9135
\`\`\`

<details><summary>How to undo this rollback (back to 1.4.2)</summary>

\`\`\`yaml
with:
  namespace: "shop"
  deployment: "web"
  mode: "auto"
  release: "1.4.2"
  environment: "staging"
\`\`\`

</details>

Mode rollback: 1.4.1 was here before and is older than the live 1.4.2. Started by \`mona\` on \`workflow_dispatch\`. Reason given: checkout answers 500 since 02:40.
"
`);
});

test('a train of three of which one was superseded', () => {
  expect(formatSummary(SAMPLE_RUNS.train)).toMatchInlineSnapshot(`
"### Superseded: another change took over before release \`1.4.2\` was complete on \`deployment/api\` in namespace \`shop\`

> [!WARNING]
> **Cause:** deployment shop/api: another template was set by kubectl-edit while 1.4.2 rolled out
>
> This run stopped watching and undid nothing. Find out who made the other change, then run the release again if it is still wanted.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/api\` | **superseded** | \`1.4.1\` → \`1.4.2\` | \`3\` → \`4\` | 2 of 2 available, 1 updated | 14s |
| \`deployment/web\` | succeeded | \`1.4.1\` → \`1.4.2\` | \`6\` → \`7\` | 3 of 3 available | 42s |
| \`deployment/worker\` | succeeded | \`1.4.0\` → \`1.4.2\` | \`6\` → \`7\` | 3 of 3 available | 20s |

\`\`\`mermaid
%%{init: {"gantt": {"leftPadding": 159}}}%%
gantt
    dateFormat x
    axisFormat %s s
    section deployment/api
    1s template set :done, 500, 14000
    14s another template seen :crit, 14000, 14210
    section deployment/web
    0s template set :done, 400, 1100
    1s 1 of 3 pods updated :done, 1100, 18000
    18s 2 of 3 pods updated :done, 18000, 31000
    31s 3 of 3 pods updated :done, 31000, 42300
    42s available :active, 42300, 42935
    section deployment/worker
    0s template set :done, 400, 1100
    1s 1 of 3 pods updated :done, 1100, 18000
    18s 2 of 3 pods updated :done, 18000, 31000
    31s 3 of 3 pods updated :done, 31000, 42300
    42s available :active, 42300, 42600
\`\`\`

**Roll back to \`1.4.1\`** with these inputs, by hand (\`workflow_dispatch\`) or in a step:

\`\`\`yaml
with:
  namespace: "shop"
  deployment: "web"
  mode: "rollback"
  release: "1.4.1"
  environment: "staging"
\`\`\`

**Roll back to \`1.4.0\`** with these inputs, by hand (\`workflow_dispatch\`) or in a step:

\`\`\`yaml
with:
  namespace: "shop"
  deployment: "worker"
  mode: "rollback"
  release: "1.4.0"
  environment: "staging"
\`\`\`

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('a deploy that timed out, with the states of its pods', () => {
  expect(formatSummary(SAMPLE_RUNS.timedOut)).toMatchInlineSnapshot(`
"### Timed out: release \`2.0.0\` is not complete on \`deployment/web\` in namespace \`shop\`

> [!CAUTION]
> **Cause:** deployment shop/web: release 2.0.0 is not available after 10m: 2 pods wait with ImagePullBackOff (registry.example.com/shop/web:2.0.0 not found); check the tag
>
> After 10m, 2 of 3 pods are available. This run undid nothing: fix the cause and run again, or roll back as shown below.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | **timed-out** | \`1.4.2\` → \`2.0.0\` | \`6\` → \`7\` | 2 of 3 available, 2 updated | 10m |

\`\`\`mermaid
%%{init: {"gantt": {"leftPadding": 138}}}%%
gantt
    dateFormat x
    axisFormat %s s
    section deployment/web
    0s template set :done, 400, 9400
    1s 2 of 3 pods updated :done, 1400, 12000
    12s web-6d4c∶ ImagePullBackOff :done, 12000, 600000
    600s timeout :crit, 600000, 609000
\`\`\`

<details><summary>Pods of deployment/web that are not ready (2)</summary>

\`\`\`text
web-6d4cf56db6-2xk7p app waiting: ImagePullBackOff: Back-off pulling image "registry.example.com/shop/web:2.0.0"
web-6d4cf56db6-9qzrd app waiting: ErrImagePull: rpc error: code = NotFound
\`\`\`

</details>

**Roll back to \`1.4.2\`** with the workflow \`rollback.yml\`, where there is one:

\`\`\`sh
gh workflow run rollback.yml -R example/shop -f environment=staging -f release=1.4.2 -f reason='…'
\`\`\`

Or without \`gh\`: start [rollback.yml](https://github.com/example/shop/actions/workflows/rollback.yml) with the same values.

Or with these inputs in a step:

\`\`\`yaml
with:
  namespace: "shop"
  deployment: "web"
  mode: "rollback"
  release: "1.4.2"
  environment: "staging"
\`\`\`

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('a plan', () => {
  expect(formatSummary(SAMPLE_RUNS.planned)).toMatchInlineSnapshot(`
"### Plan: deploy release \`1.4.2\` on \`deployment/web\` in namespace \`shop\`

Nothing was changed. To carry it out, run the rollout with the same inputs.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | planned: deploy | \`1.4.1\` → \`1.4.2\` | \`6\` | 3 of 3 available |  |

| Workload | Container | Image |
| --- | --- | --- |
| \`deployment/web\` | \`app\` | \`registry.example.com/shop/web:1.4.1\`<br>→ \`registry.example.com/shop/web:1.4.2\` |

Template of deployment/web:

\`\`\`diff
   spec:
     containers:
     - name: app
-      image: registry.example.com/shop/web:1.4.1
+      image: registry.example.com/shop/web:1.4.2
\`\`\`

Mode deploy: 1.4.2 was never here and is newer than the live 1.4.1. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('nothing to do', () => {
  expect(formatSummary(SAMPLE_RUNS.unchanged)).toMatchInlineSnapshot(`
"### Nothing changed: release \`1.4.2\` is already live on \`deployment/web\` in namespace \`shop\`

deployment shop/web: release 1.4.2 is live and complete. Nothing was written to the workload; its pods were not touched. Later steps may go on.

| Workload | Outcome | Release | Revision | Pods | Time |
| --- | --- | --- | --- | --- | --- |
| \`deployment/web\` | unchanged | \`1.4.2\` | \`7\` | 3 of 3 available | <1s |

Mode redeploy: 1.4.2 is live and complete. Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('bad input', () => {
  expect(formatSummary(SAMPLE_RUNS.failedByInput)).toMatchInlineSnapshot(`
"### Nothing was changed: release \`1.4.2\` was not rolled out

> [!CAUTION]
> **Cause:**
>
> - mode is "rollbak": use auto, deploy, redeploy or rollback
> - images line 1 is "\\*=web:1.4.2": name the container
>
> Nothing was changed on the cluster. Correct it and run again.

Started by \`mona\` on \`workflow_dispatch\`.
"
`);
});

test('zero replicas are said, not taken for a success', () => {
  const workloads = [sampleWorkload({ pods: { desired: 0, updated: 0, available: 0 } })];
  const message = 'deployment shop/web: release 1.4.2 is set, but 0 replicas are wanted';
  const summary = formatSummary(sampleResult({ reasonCode: 'nothing-verified', message, workloads }));
  expect(summary).toMatch(/^### Set but not verified: release `1.4.2` has no pods on `deployment\/web`/);
  expect(summary).toContain('0 replicas are wanted.');
});

test('a long template diff is folded', () => {
  const templateDiff = Array.from({ length: 30 }, (_, index) => `+  line ${index}`);
  const workloads = [sampleWorkload({ outcome: 'planned', templateDiff })];
  const summary = formatSummary(sampleResult({ outcome: 'planned', workloads }));
  expect(summary).toContain('<details><summary>Template of deployment/web (30 lines)</summary>');
});

test.each([
  ['a name that a workflow would evaluate', '$' + '{{ secrets.TOKEN }}'],
  ['a name with characters that are not shown', 'a\u202Eb'],
  ['no name', ''],
])('no way back is offered to %s', (_, previousRelease) => {
  const workloads = [sampleWorkload({ previousRelease, lastGoodRelease: previousRelease })];
  expect(formatSummary(sampleResult({ workloads }))).not.toContain('Roll back');
});

test('after a failure the way back is the last good release, not the one that was live', () => {
  const workloads = [sampleWorkload({ outcome: 'failed', previousRelease: '1.4.1', lastGoodRelease: '1.3.0' })];
  expect(formatSummary(sampleResult({ outcome: 'failed', workloads }))).toContain('release: "1.3.0"');
});

describe('the command that rolls back', () => {
  const command = "gh workflow run rollback.yml -R example/shop -f environment=staging -f release=1.4.1 -f reason='…'";

  test('is there beside the inputs', () => {
    expect(formatSummary(sampleResult())).toContain(command);
  });

  test.each<[string, Partial<Result>]>([
    ['nobody names an environment', { environment: '' }],
    ['the repository has several scopes', { scope: 'shop' }],
    ['it would have to go forward', { mode: 'rollback' }],
    [
      'one of a train stays',
      { workloads: [sampleWorkload(), sampleWorkload({ workload: 'deployment/api', changed: false })] },
    ],
    ['a pod is in the way', { workloads: [sampleWorkload({ reasonCode: 'held-up', podInTheWay: 'db-2' })] }],
  ])('is not where %s', (_, overrides) => {
    const summary = formatSummary(sampleResult(overrides));
    expect(summary).toContain('  release: "1.4.1"');
    expect(summary).not.toContain('rollback.yml');
  });
});

test('a rollback that failed leads on to what it left', () => {
  const workloads = [
    sampleWorkload({ outcome: 'failed', mode: 'rollback', release: '1.4.1', previousRelease: '1.4.2' }),
  ];
  const summary = formatSummary(sampleResult({ outcome: 'failed', mode: 'rollback', release: '1.4.1', workloads }));
  expect(summary).toContain('**Go on to `1.4.2`** with these inputs');
  expect(summary).toContain('  mode: "auto"');
});

test('workloads that came from different releases go back each to its own', () => {
  const summary = formatSummary(SAMPLE_RUNS.train);
  expect(summary).not.toContain('rollback.yml');
  expect(summary.match(/^ {2}(?:deployment|release): .*/gm)).toEqual([
    '  deployment: "web"',
    '  release: "1.4.1"',
    '  deployment: "worker"',
    '  release: "1.4.0"',
  ]);
});

describe.each(Object.entries(HOSTILE))('hostile text everywhere: %s', (_, hostile) => {
  test.each([
    ['succeeded', 'done'],
    ['timed-out', 'impossible'],
    ['planned', 'done'],
    ['rolled-back', 'done'],
    ['rollback-failed', 'failed'],
    ['failed', 'impossible'],
    ['paused', 'impossible'],
    ['cancelled', 'unfinished'],
  ] as const)('%s', (outcome, state) => {
    const summary = formatSummary({ ...hostileResult(hostile, outcome, state), runUrl: hostile });
    const { kinds, html } = render(summary);
    const allowed =
      /^(?:(?:heading|paragraph|table|thead|tbody|tr|th|td|blockquote|bullet_list|list_item|strong)_(?:open|close)|inline|text|text_special|softbreak|code_inline|fence|html_inline|html_block)$/;
    expect([...kinds].filter((kind) => !allowed.test(kind))).toEqual([]);
    const tags = html.flatMap((markup) => markup.match(/<[^>]*>?/g) ?? []);
    expect(tags.filter((tag) => !/^<(?:\/?(?:details|summary|span)|br)>$/.test(tag))).toEqual([]);
    expect(Buffer.byteLength(summary)).toBeLessThan(900 * 1024);
  });
});

test('a huge train stays below what GitHub takes, and says what was cut', () => {
  const long = HOSTILE['long'] ?? '';
  const lines = Array.from({ length: 500 }, () => long);
  const one = sampleWorkload({
    outcome: 'timed-out',
    message: long,
    drift: [long],
    warnings: [long],
    podStates: lines,
    evidence: {
      conditions: lines,
      events: lines,
      logs: Array.from({ length: 20 }, () => ({ pod: 'p', container: 'c', previous: false, lines })),
      gaps: lines,
    },
  });
  const workloads = Array.from({ length: 300 }, (_, index) => ({ ...one, workload: `deployment/web-${index}` }));
  const summary = formatSummary(sampleResult({ outcome: 'timed-out', workloads }));
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(900 * 1024);
  expect(summary).toContain('290 more workloads have such pods.');
  expect(summary).toContain('**Roll back to');
  expect(summary).toContain('so it was cut: the evidence of `deployment/web-');
});

function hostileResult(
  hostile: string,
  outcome: Result['outcome'],
  state: NonNullable<Result['workloads'][number]['rollback']>['state'],
): Result {
  return sampleResult({
    outcome,
    reasonCode: 'timeout',
    message: hostile,
    modeReason: hostile,
    release: hostile,
    actor: hostile,
    trigger: hostile,
    reason: hostile,
    rolledBackTo: hostile,
    checks: [{ name: hostile, state: 'failed', message: hostile, passes: 0, failures: 1 }],
    workloads: [
      sampleWorkload({
        outcome,
        workload: hostile,
        namespace: hostile,
        message: hostile,
        release: hostile,
        previousRelease: `${hostile}-`,
        lastGoodRelease: hostile,
        revision: hostile,
        images: { [hostile]: hostile },
        imageChanges: [{ container: hostile, from: hostile, to: hostile }],
        templateDiff: hostile.split('\n'),
        drift: [hostile],
        owners: [hostile],
        warnings: [hostile],
        timeline: [{ at: 1, text: hostile }],
        podStates: [hostile, ...hostile.split('\n')],
        cause: {
          code: 'container-crashed',
          message: hostile,
          pods: [hostile, `${hostile} 2`],
          container: hostile,
          suspectNode: hostile,
        },
        evidence: {
          conditions: [hostile],
          events: hostile.split('\n'),
          logs: [
            { pod: hostile, container: hostile, previous: true, lines: hostile.split('\n') },
            { pod: hostile, container: hostile, previous: false, lines: [] },
          ],
          gaps: [hostile],
        },
        rollback: { to: hostile, state, message: hostile, seconds: 3 },
      }),
    ],
  });
}

describe('the way back at the gate', () => {
  const failed = { outcome: 'failed', workloads: [sampleWorkload({ outcome: 'failed' })] } as const;
  const inputsOf = (over: Partial<Result>) =>
    /with:\n(?: {2}.*\n)+/.exec(formatSummary(sampleResult({ ...failed, ...over })))?.[0];

  test('is recorded as the way there was: in its environment and its scope', () => {
    expect(inputsOf({ environment: 'production', scope: 'shop' })).toContain(
      '  release: "1.4.1"\n  environment: "production"\n  scope: "shop"\n',
    );
  });

  test('names no environment and no scope where the run had none', () => {
    expect(inputsOf({ environment: '', scope: 'default' })).not.toMatch(/environment|scope/);
  });

  const expression = ['$', '{{ secrets.TOKEN }}'].join('');
  test.each([
    ['environment', { environment: expression }],
    ['scope', { scope: expression }],
  ])('is no snippet where the %s would be evaluated', (_, over) => {
    expect(inputsOf(over)).toBeUndefined();
  });
});
