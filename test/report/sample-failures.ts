import type { Result } from '../../src/result.ts';
import type { Cause } from '../../src/verdict/cause.ts';
import type { Evidence } from '../../src/verdict/evidence.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

/** What most of them failed by. */
export const CRASH: Cause = {
  code: 'container-crashed',
  message: 'container app exits 3, 4 restarts (on 2 pods)',
  pods: ['web-7b987757c-7qnnz', 'web-7b987757c-x2kfp'],
  container: 'app',
  suspectNode: '',
};

const EVIDENCE: Evidence = {
  conditions: ['Available False MinimumReplicasUnavailable: Deployment does not have minimum availability.'],
  events: [
    'Normal Pulled pod/web-7b987757c-7qnnz: Container image "registry.example.com/shop/web:1.5.0" already present',
    '4 times Warning BackOff pod/web-7b987757c-7qnnz: Back-off restarting failed container app',
  ],
  logs: [
    {
      pod: 'web-7b987757c-7qnnz',
      container: 'app',
      previous: true,
      lines: ['starting web 1.5.0', 'reading /etc/web/settings.yaml', 'DB_PASSWORD=***', 'boom'],
    },
    { pod: 'web-7b987757c-x2kfp', container: 'app', previous: false, lines: [] },
  ],
  gaps: [],
};

const failed = {
  release: '1.5.0',
  previousRelease: '1.4.2',
  previousLabel: '1.4.2',
  lastAttemptedRelease: '1.4.2',
  lastGoodRelease: '1.4.2',
} as const;

const crashed = sampleWorkload({
  ...failed,
  outcome: 'failed',
  reasonCode: 'container-crashed',
  message: 'deployment/web: 1.5.0 failed: container app exits 3, 4 restarts (on 2 pods): "boom"',
  cause: CRASH,
  evidence: EVIDENCE,
  pods: { desired: 3, updated: 1, available: 0 },
  seconds: 31,
  timeline: [
    { at: 0.4, text: 'template set' },
    { at: 1.2, text: '1 of 3 pods updated' },
  ],
  podStates: ['web-7b987757c-7qnnz: container app CrashLoopBackOff, 4 restarts: back-off 40s restarting'],
});

/** The old pods serve on. */
const withOldOnes = { ...crashed, pods: { ...crashed.pods, oldAvailable: 3 } };

const returned = {
  ...crashed,
  outcome: 'rolled-back',
  message: `${crashed.message}; rolled back to 1.4.2`,
  pods: { desired: 3, updated: 3, available: 3 },
  revision: '8',
  previousRevision: '6',
  seconds: 43,
  timeline: [
    ...crashed.timeline,
    { at: 31, text: 'rolling back to 1.4.2' },
    { at: 32, text: '2 of 3 pods updated' },
    { at: 43, text: 'available' },
  ],
  rollback: { to: '1.4.2', state: 'done', message: 'rolled back to 1.4.2', seconds: 12 },
} as const;

/** A run of 1.5.0 over 1.4.2 that went wrong. */
function failure(overrides: Partial<Result>): Result {
  const { previousLabel: _, ...releases } = failed;
  const message = overrides.workloads?.[0]?.message ?? '';
  const modeReason = '1.5.0 was never here and is newer than the live 1.4.2';
  return sampleResult({ ...releases, versionChange: 'minor', message, modeReason, ...overrides });
}

/** One run of each kind that did not end well, as a person meets it in a summary. */
export const SAMPLE_FAILURES = {
  crashed: failure({
    outcome: 'rolled-back',
    reasonCode: 'container-crashed',
    rolledBackTo: '1.4.2',
    workloads: [returned],
  }),

  trainTakenBack: failure({
    outcome: 'rolled-back',
    reasonCode: 'image-not-found',
    message:
      'deployment/api: 1.5.0 failed: image registry.example.com/shop/api:1.5.0 is not there; rolled back to 1.4.2',
    rolledBackTo: '1.4.2',
    workloads: [
      sampleWorkload({
        ...returned,
        reasonCode: 'train-failed',
        message: 'deployment/web: 1.5.0 failed on another workload of the train; rolled back to 1.4.2',
        evidence: { conditions: [], events: [], logs: [], gaps: [] },
        cause: undefined as never,
        podStates: [],
      }),
      sampleWorkload({
        ...returned,
        workload: 'deployment/api',
        reasonCode: 'image-not-found',
        message:
          'deployment/api: 1.5.0 failed: image registry.example.com/shop/api:1.5.0 is not there; rolled back to 1.4.2',
        pods: { desired: 2, updated: 2, available: 2 },
        cause: {
          code: 'image-not-found',
          message: 'image registry.example.com/shop/api:1.5.0 is not there: not found',
          pods: ['api-5d9c7b6f4-q8r2m'],
          container: 'app',
          suspectNode: '',
        },
        evidence: {
          conditions: [],
          events: ['3 times Warning Failed pod/api-5d9c7b6f4-q8r2m: Error: ErrImagePull'],
          logs: [],
          gaps: [
            'logs in shop: forbidden to get (user "ci"); add to its Role: apiGroups [""], resources ["pods/log"], verbs ["get"]',
          ],
        },
        podStates: ['api-5d9c7b6f4-q8r2m: container app ErrImagePull: not found'],
      }),
    ],
  }),

  rollbackFailed: failure({
    outcome: 'rollback-failed',
    reasonCode: 'container-crashed',
    workloads: [
      {
        ...returned,
        outcome: 'rollback-failed',
        pods: { desired: 3, updated: 1, available: 0 },
        message: `${crashed.message}; the rollback to 1.4.2 failed: 1.4.2 is not complete after 600 s`,
        rollback: {
          to: '1.4.2',
          state: 'failed',
          message: 'the rollback to 1.4.2 failed: 1.4.2 is not complete after 600 s',
          seconds: 12,
        },
      },
    ],
  }),

  nothingToReturnTo: failure({
    outcome: 'failed',
    reasonCode: 'container-crashed',
    previousRelease: '',
    lastGoodRelease: '',
    firstDeployment: true,
    workloads: [
      {
        ...crashed,
        previousRelease: '',
        previousLabel: '',
        lastGoodRelease: '',
        message: `${crashed.message}; not rolled back: no other release is known to be good here`,
        rollback: {
          to: '',
          state: 'impossible',
          message: 'not rolled back: no other release is known to be good here',
          seconds: 0,
        },
      },
    ],
  }),

  continued: failure({ outcome: 'failed', reasonCode: 'container-crashed', workloads: [withOldOnes] }),

  paused: failure({
    outcome: 'paused',
    reasonCode: 'container-crashed',
    workloads: [
      {
        ...crashed,
        outcome: 'paused',
        pods: { desired: 3, updated: 1, available: 3 },
        message: `${crashed.message}; paused where it is: resume it (kubectl rollout resume), or roll back by name`,
      },
    ],
  }),

  badNode: failure({
    outcome: 'rolled-back',
    reasonCode: 'not-ready',
    rolledBackTo: '1.4.2',
    workloads: [
      {
        ...returned,
        reasonCode: 'not-ready',
        message:
          'deployment/web: 1.5.0 failed: not ready: web-7b987757c-7qnnz runs, but the readiness probe of container app does not pass; rolled back to 1.4.2',
        cause: {
          ...CRASH,
          code: 'not-ready',
          message: 'not ready: web-7b987757c-7qnnz runs, but the readiness probe of container app does not pass',
          pods: ['web-7b987757c-7qnnz'],
          suspectNode: 'node-2',
        },
        evidence: {
          ...EVIDENCE,
          events: [
            '12 times Warning Unhealthy pod/web-7b987757c-7qnnz: Readiness probe failed: HTTP probe failed with statuscode: 503',
          ],
        },
      },
    ],
  }),

  checkFailed: failure({
    outcome: 'rolled-back',
    reasonCode: 'check-failed',
    rolledBackTo: '1.4.2',
    checks: [
      { name: 'home page', state: 'passed', message: '200 OK in 12 ms', passes: 6, failures: 0 },
      { name: 'checkout', state: 'failed', message: '500 Internal Server Error, 200 wanted', passes: 2, failures: 3 },
      { name: 'error rate', state: 'not-run', message: '', passes: 0, failures: 0 },
    ],
    workloads: [
      {
        ...returned,
        reasonCode: 'check-failed',
        message:
          'deployment/web: 1.5.0 failed: check checkout failed 3 times in a row: 500 Internal Server Error, 200 wanted; rolled back to 1.4.2',
        cause: undefined as never,
        podStates: [],
      },
    ],
  }),

  unhealed: failure({
    outcome: 'rollback-failed',
    reasonCode: 'check-failed',
    rolledBackTo: '',
    checks: [{ name: 'checkout', state: 'failed', message: 'connection refused', passes: 2, failures: 3 }],
    workloads: [
      {
        ...returned,
        outcome: 'rollback-failed',
        reasonCode: 'check-failed',
        message:
          'deployment/web: 1.5.0 failed: check checkout failed 3 times in a row: connection refused; rolled back to 1.4.2; back on 1.4.2, but check checkout failed 3 times in a row: connection refused',
        cause: undefined as never,
        podStates: [],
        rollback: {
          to: '1.4.2',
          state: 'unhealed',
          message: 'back on 1.4.2, but check checkout failed 3 times in a row: connection refused',
          seconds: 12,
        },
      },
    ],
  }),

  checkInconclusive: failure({
    outcome: 'failed',
    reasonCode: 'check-inconclusive',
    message: 'check error rate had nothing to judge by 3 times in a row: the query gives no data',
    checks: [{ name: 'error rate', state: 'inconclusive', message: 'the query gives no data', passes: 0, failures: 0 }],
    workloads: [sampleWorkload(failed)],
  }),

  cancelled: failure({
    outcome: 'cancelled',
    reasonCode: 'cancelled',
    workloads: [
      sampleWorkload({
        ...failed,
        outcome: 'cancelled',
        reasonCode: 'cancelled',
        message:
          'deployment/web: 1.5.0 was written, but the run was cancelled before it was complete; run it again to see it to its end',
        pods: { desired: 3, updated: 1, available: 3 },
        seconds: 4,
      }),
    ],
  }),

  cancelledOnTheWayBack: failure({
    outcome: 'cancelled',
    reasonCode: 'container-crashed',
    workloads: [
      {
        ...returned,
        outcome: 'cancelled',
        message: `${crashed.message}; being rolled back to 1.4.2 when the run was cancelled`,
        pods: { desired: 3, updated: 2, available: 2 },
        rollback: {
          to: '1.4.2',
          state: 'unfinished',
          message: 'being rolled back to 1.4.2 when the run was cancelled',
          seconds: 12,
        },
      },
    ],
  }),

  cancelledEarly: failure({
    outcome: 'cancelled',
    reasonCode: 'cancelled',
    message: 'cancelled, and the API server did not answer in time to tell how it stands; run it again',
    changed: false,
    workloads: [],
  }),
} satisfies Record<string, Result>;
