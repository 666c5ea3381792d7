import { describe, expect, test } from '@jest/globals';
import { toAnnotations } from '../../src/report/annotations.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import type { Cause } from '../../src/verdict/cause.ts';
import { sampleResult, sampleWorkload } from './sample.ts';
import { CRASH, SAMPLE_FAILURES } from './sample-failures.ts';

type Failure = keyof typeof SAMPLE_FAILURES;

function workloadOf(name: Failure, index = 0): WorkloadResult {
  const found = SAMPLE_FAILURES[name].workloads[index];
  if (!found) throw new Error(`${name} has no workload ${index}`);
  return found;
}

/** The run that crashed, but for what a test says otherwise of its cause. */
function causedBy(overrides: Partial<Cause>): Result {
  const workloads = [{ ...workloadOf('crashed'), cause: { ...CRASH, ...overrides } }];
  return { ...SAMPLE_FAILURES.crashed, workloads };
}

const WHY = ' – container app exits 3, 4 restarts (on 2 pods): "boom"';
const PROBE =
  'not ready: web-7b987757c-7qnnz runs, but the readiness probe of container app does not pass: "Readiness probe failed: HTTP probe failed with statuscode: 503"';
const WEB = 'on deployment/web in namespace shop';

const MESSAGE_SAYS_WHY: readonly Failure[] = [
  ...(['crashed', 'rollbackFailed', 'nothingToReturnTo', 'continued', 'paused'] as const),
  ...(['badNode', 'checkInconclusive', 'cancelledOnTheWayBack'] as const),
];

describe('the headline says what happened, and why', () => {
  test.each<readonly [Failure, string]>([
    ['crashed', `Rolled back to 1.4.2: release 1.5.0 failed ${WEB}${WHY}`],
    [
      'trainTakenBack',
      'Rolled back to 1.4.2: release 1.5.0 failed on deployment/api in namespace shop – image registry.example.com/shop/api:1.5.0 is not there: not found',
    ],
    ['rollbackFailed', `Rollback to 1.4.2 failed ${WEB}: release 1.5.0 failed${WHY}`],
    ['nothingToReturnTo', `Failed and not rolled back: release 1.5.0 did not become available ${WEB}${WHY}`],
    ['continued', `Failed: release 1.5.0 did not become available ${WEB}${WHY}`],
    ['paused', `Paused half way: release 1.5.0 failed ${WEB}${WHY}`],
    ['badNode', `Rolled back to 1.4.2: release 1.5.0 failed ${WEB} – ${PROBE}`],
    [
      'checkFailed',
      `Rolled back to 1.4.2: release 1.5.0 failed ${WEB} – check checkout failed: 500 Internal Server Error, 200 wanted`,
    ],
    [
      'unhealed',
      `Rolled back to 1.4.2, but the checks fail there, too: release 1.5.0 failed ${WEB} – check checkout failed: connection refused`,
    ],
    [
      'checkInconclusive',
      `Not verified: release 1.5.0 is live ${WEB} – check error rate had nothing to judge by 3 times in a row: the query gives no data`,
    ],
    ['cancelled', `Cancelled: release 1.5.0 was not seen to its end ${WEB}`],
    ['cancelledOnTheWayBack', `Cancelled on the way back to 1.4.2: release 1.5.0 failed ${WEB}${WHY}`],
    ['cancelledEarly', 'Cancelled: how far release 1.5.0 came was not seen'],
  ])('%s', (name, title) => {
    const [annotation] = toAnnotations(SAMPLE_FAILURES[name]);
    // The message below it is not to say all of it again.
    const short = MESSAGE_SAYS_WHY.includes(name) ? title.replace(/ – .*$/, '') : title;
    const cut = short.length > 200 ? `${short.slice(0, 199)}…` : short;
    expect(annotation).toEqual({ level: 'error', title: cut, message: SAMPLE_FAILURES[name].message });
    const [heading] = formatSummary(SAMPLE_FAILURES[name]).split('\n');
    expect(heading?.replaceAll('`', '')).toBe(`### ${title}`);
  });

  test('a train that is stuck on one and failed on another names both', () => {
    const { cause: _, ...web } = workloadOf('rollbackFailed');
    const workloads = [{ ...web, reasonCode: 'train-failed' } as const, workloadOf('trainTakenBack', 1)];
    const [annotation] = toAnnotations({ ...SAMPLE_FAILURES.rollbackFailed, workloads });
    expect(annotation?.title).toBe(
      `Rollback to 1.4.2 failed ${WEB}: release 1.5.0 failed on deployment/api in namespace shop – image registry.example.com/shop/api:1.5.0 is not there: not found`,
    );
  });
});

/** The lines of the box below the headline. */
function boxOf(name: Failure): readonly string[] {
  const lines = formatSummary(SAMPLE_FAILURES[name]).split('\n');
  return lines.filter((line) => /^> \S/.test(line)).map((line) => line.slice(2));
}

describe('the box says the cause, what was done, and what may happen next', () => {
  const cause =
    '**Cause:** `deployment/web`: container app exits 3, 4 restarts (on 2 pods): "boom" – in `web-7b987757c-7qnnz`, `web-7b987757c-x2kfp`';

  test.each<readonly [Failure, readonly string[]]>([
    [
      'crashed',
      [
        '[!CAUTION]',
        cause,
        '**Rollback:** to `1.4.2`, done in 12s; 3 of 3 pods are available.',
        'Fix it and deploy that as a new release. If `1.5.0` is not to blame, run it again.',
      ],
    ],
    [
      'rollbackFailed',
      [
        '[!CAUTION]',
        cause,
        '**Rollback:** to 1.4.2 failed: 1.4.2 is not complete after 600 s.',
        'After 43s, 0 of 3 pods are available. Nothing more is done by itself, since a rollback is never rolled back. Look at the workload now, then roll back as shown below, or deploy a release that is fixed.',
      ],
    ],
    [
      'nothingToReturnTo',
      [
        '[!CAUTION]',
        cause,
        '**Not rolled back:** no other release is known to be good here.',
        'After 31s, 0 of 3 pods are available. Fix it and deploy that as a new release. If `1.5.0` is not to blame, run it again.',
      ],
    ],
    [
      'continued',
      [
        '[!CAUTION]',
        cause,
        'After 31s, 0 of 3 pods are available, and 3 old ones still are. This run undid nothing: fix the cause and run again, or roll back as shown below.',
      ],
    ],
    [
      'paused',
      [
        '[!WARNING]',
        cause,
        'After 31s, 3 of 3 pods are available. Both releases run until somebody decides: to go on, run `1.5.0` again, or `kubectl rollout resume -n shop deployment/web`; roll back as shown below, or deploy a release that is fixed.',
      ],
    ],
    [
      'badNode',
      [
        '[!CAUTION]',
        `**Cause:** \`deployment/web\`: ${PROBE} – in \`web-7b987757c-7qnnz\`. Its log ends with: \`boom\``,
        '**Suspect:** all pods that fail are on node `node-2`, while the release is ready on others. Look at the node first.',
        '**Rollback:** to `1.4.2`, done in 12s; 3 of 3 pods are available.',
        'Fix it and deploy that as a new release. If `1.5.0` is not to blame, run it again.',
      ],
    ],
    [
      'unhealed',
      [
        '[!CAUTION]',
        '**Cause:** check checkout failed: connection refused',
        '**Rollback:** back on 1.4.2, but check checkout failed 3 times in a row: connection refused.',
        'After 43s, 3 of 3 pods are available. The checks fail on both releases, so the cause may lie outside of them: look there first.',
      ],
    ],
    [
      'checkInconclusive',
      [
        '[!CAUTION]',
        '**Cause:** check error rate had nothing to judge by 3 times in a row: the query gives no data',
        'After 42s, 3 of 3 pods are available. A check that cannot tell says nothing about the release, so it was left as it is. See to the check, then run again to have it verified, or roll back as shown below.',
      ],
    ],
    [
      'cancelled',
      [
        '[!WARNING]',
        'After 4s, 3 of 3 pods are available. Kubernetes goes on with what was written. Run it again: it carries on from there and sees it to its end.',
      ],
    ],
    [
      'cancelledOnTheWayBack',
      [
        '[!WARNING]',
        cause,
        '**Rollback:** being rolled back to 1.4.2 when the run was cancelled.',
        'After 43s, 2 of 3 pods are available. The post step of this job sees to the end of the rollback. Look whether it did, or roll back as shown below.',
      ],
    ],
    [
      'cancelledEarly',
      [
        '[!WARNING]',
        '**Cause:** cancelled, and the API server did not answer in time to tell how it stands; run it again',
        'It may have been written or not. Run it again: it carries on from what it finds.',
      ],
    ],
  ])('%s', (name, lines) => {
    expect(boxOf(name)).toEqual(lines);
  });

  test('a cancelled run that had written nothing', () => {
    const workloads = SAMPLE_FAILURES.cancelled.workloads.map((workload) => ({ ...workload, changed: false }));
    const summary = formatSummary({ ...SAMPLE_FAILURES.cancelled, changed: false, workloads });
    expect(summary).toContain('### Cancelled before anything was changed: release `1.5.0` was not rolled out');
    expect(summary).toContain('Nothing was written. Run it again when it is wanted.');
    expect(summary).not.toContain('**Roll back');
  });

  test('many pods are counted', () => {
    const crashed = causedBy({ pods: ['a', 'b', 'c', 'd', 'e'] });
    expect(formatSummary(crashed)).toContain('"boom" – in `a`, `b`, `c` and 2 more');
  });
});

test('a train that went back as one: who failed comes first, the others went with it', () => {
  const summary = formatSummary(SAMPLE_FAILURES.trainTakenBack);
  expect(summary).toContain(
    '> **Rollback:** `deployment/api`, `deployment/web`: to `1.4.2`, done in 12s; 5 of 5 pods are available.',
  );
  expect(summary.match(/^\| `.*/gm)).toEqual([
    '| `deployment/api` | **rolled-back** | `1.4.2` → `1.5.0` → `1.4.2` | `6` → `8` | 2 of 2 available | 43s |',
    '| `deployment/web` | **rolled-back** with `deployment/api` | `1.4.2` → `1.5.0` → `1.4.2` | `6` → `8` | 3 of 3 available | 43s |',
  ]);
});

test('a train of which only a part came back says of each how it fared', () => {
  const workloads = [workloadOf('rollbackFailed'), workloadOf('trainTakenBack', 1)];
  const summary = formatSummary({ ...SAMPLE_FAILURES.rollbackFailed, workloads });
  expect(summary).toContain(
    '> - `deployment/web`: to 1.4.2 failed: 1.4.2 is not complete after 600 s.\n' +
      '> - `deployment/api`: to `1.4.2`, done in 12s; 2 of 2 pods are available.',
  );
  expect(summary.match(/^ {2}deployment: .*/gm)).toEqual(['  deployment: "web"']);
});

describe('the way back', () => {
  test.each<readonly [Failure, boolean]>([
    ['crashed', false],
    ['trainTakenBack', false],
    ['rollbackFailed', true],
    ['unhealed', false],
    ['nothingToReturnTo', false],
    ['continued', true],
    ['paused', true],
    ['checkInconclusive', true],
    ['cancelled', true],
    ['cancelledOnTheWayBack', true],
    ['cancelledEarly', false],
  ])('%s: %s', (name, offered) => {
    expect(formatSummary(SAMPLE_FAILURES[name]).includes('**Roll back to `1.4.2`**')).toBe(offered);
  });
});

test('the way back of what a pod held up takes that pod out of the way', () => {
  const { rollback, ...web } = workloadOf('rollbackFailed');
  const failed = { to: '1.4.2', state: 'failed', message: 'held up', seconds: 1, ...rollback } as const;
  const told = (each: WorkloadResult) => formatSummary({ ...SAMPLE_FAILURES.rollbackFailed, workloads: [each] });
  const forced = '  forced-rollback: "true"';
  expect(told({ ...web, rollback: { ...failed, reasonCode: 'held-up', podInTheWay: 'db-2' } })).toContain(forced);
  expect(told({ ...web, rollback: { ...failed, reasonCode: 'timeout' } })).not.toContain(forced);
});

test('checks are listed with what they saw', () => {
  expect(formatSummary(SAMPLE_FAILURES.checkFailed)).toContain(
    [
      '| Check | Result | Looks | Last answer |',
      '| --- | --- | --- | --- |',
      '| `home page` | passed | 6 passed, 0 failed | 200 OK in 12 ms |',
      '| `checkout` | **failed** | 2 passed, 3 failed | 500 Internal Server Error, 200 wanted |',
      '| `error rate` | not run |  |  |',
    ].join('\n'),
  );
});

describe('evidence', () => {
  const folded = (name: Failure) =>
    /<details><summary>Evidence[\s\S]*?<\/details>/.exec(formatSummary(SAMPLE_FAILURES[name]))?.[0];

  test('is folded, and complete', () => {
    expect(folded('crashed')).toMatchInlineSnapshot(`
"<details><summary>Evidence of deployment/web (1 condition, 2 events, 2 logs)</summary>

**Conditions**

\`\`\`text
Available False MinimumReplicasUnavailable: Deployment does not have minimum availability.
\`\`\`

**Events**

\`\`\`text
Normal Pulled pod/web-7b987757c-7qnnz: Container image "registry.example.com/shop/web:1.5.0" already present
4 times Warning BackOff pod/web-7b987757c-7qnnz: Back-off restarting failed container app
\`\`\`

**Log** of container \`app\` in pod \`web-7b987757c-7qnnz\`, before its restart

\`\`\`text
starting web 1.5.0
reading /etc/web/settings.yaml
DB_PASSWORD=***
boom
\`\`\`

**Log** of container \`app\` in pod \`web-7b987757c-x2kfp\`: it wrote nothing.

</details>"
`);
  });

  test('of a pod that is still there ends with the command for the whole log', () => {
    const command = 'All of it: `kubectl logs -n shop web-7b987757c-7qnnz -c app --previous`';
    expect(folded('continued')).toContain(command);
    expect(folded('crashed')).not.toContain('kubectl');
  });

  test('that is missing is named with the right that it needs', () => {
    const summary = formatSummary(SAMPLE_FAILURES.trainTakenBack);
    expect(summary).toContain('> [!NOTE]\n> **Not captured:**\n>\n> - logs in shop: forbidden to get');
    expect(folded('trainTakenBack')).toContain('<summary>Evidence of deployment/api (1 event)</summary>');
  });

  test('holds the last words of the container, which stand in the headline once', () => {
    const crashed = causedBy({ message: 'container app exits 3, 4 restarts: boom' });
    const [heading] = formatSummary(crashed).split('\n');
    expect(heading).toMatch(/ – container app exits 3, 4 restarts: boom$/);
  });

  test('a credential in a termination message does not reach the headline', () => {
    const crashed = causedBy({ message: 'container app exits 3: DB_PASSWORD=hunter2' });
    expect(formatSummary(crashed)).not.toContain('hunter2');
    expect(toAnnotations(crashed)[0]?.title).toContain('DB_PASSWORD=***');
  });
});

test.each([
  [1, '1 of 3 pods is available'],
  [2, '2 of 3 pods are available'],
])('%i of 3 pods: in the number of those that are available', (available, words) => {
  const workloads = [sampleWorkload({ pods: { desired: 3, updated: 3, available } })];
  expect(formatSummary(sampleResult({ workloads }))).toContain(words);
});

test('a run without failure says nothing of causes', () => {
  expect(formatSummary(sampleResult())).not.toMatch(/Cause|Rollback:|Evidence|Check/);
});

test('old pods that serve on are told from those of the release', () => {
  expect(formatSummary(SAMPLE_FAILURES.continued)).toContain('| 0 of 3 available, 1 updated, 3 old available |');
  expect(formatSummary(SAMPLE_FAILURES.crashed)).not.toContain('old available');
});
