import type { Result } from '../../src/result.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

/** One run of each kind that a person meets in a summary. */
export const SAMPLE_RUNS = {
  deployed: sampleResult(),

  rolledBack: sampleResult({
    mode: 'rollback',
    direction: 'down',
    message: 'release 1.4.1 is available on deployment shop/web',
    release: '1.4.1',
    previousRelease: '1.4.2',
    modeReason: '1.4.1 was here before and is older than the live 1.4.2',
    reason: 'checkout answers 500 since 02:40',
    workloads: [
      sampleWorkload({
        mode: 'rollback',
        source: 'replica-set',
        message: 'deployment shop/web: release 1.4.1 is available',
        release: '1.4.1',
        previousRelease: '1.4.2',
        previousRevision: '7',
        revision: '8',
        owners: ['HorizontalPodAutoscaler'],
        drift: ['revision 7 says 1.4.2 but runs web:hotfix, changed by kubectl-set'],
        seconds: 9,
        timeline: [
          { at: 0.3, text: 'template of 1.4.1 set' },
          { at: 5, text: '2 of 3 pods updated' },
          { at: 9, text: 'available' },
        ],
      }),
    ],
  }),

  train: sampleResult({
    outcome: 'superseded',
    reasonCode: 'superseded',
    message: 'deployment shop/api: another template was set by kubectl-edit while 1.4.2 rolled out',
    previousRelease: 'web=1.4.1, api=1.4.1, worker=1.4.0',
    workloads: [
      sampleWorkload(),
      sampleWorkload({
        workload: 'deployment/api',
        outcome: 'superseded',
        reasonCode: 'superseded',
        message: 'deployment shop/api: another template was set by kubectl-edit while 1.4.2 rolled out',
        revision: '4',
        previousRevision: '3',
        images: { app: 'registry.example.com/shop/api:1.4.2' },
        pods: { desired: 2, updated: 1, available: 2 },
        seconds: 14,
        timeline: [
          { at: 0.5, text: 'template set' },
          { at: 14, text: 'another template seen' },
        ],
      }),
      sampleWorkload({
        workload: 'deployment/worker',
        previousRelease: '1.4.0',
        images: { app: 'registry.example.com/shop/worker:1.4.2' },
        seconds: 20,
      }),
    ],
  }),

  timedOut: sampleResult({
    outcome: 'timed-out',
    reasonCode: 'timeout',
    message: 'deployment shop/web: release 2.0.0 is not available after 10m',
    release: '2.0.0',
    previousRelease: '1.4.2',
    lastGoodRelease: '1.4.2',
    versionChange: 'major',
    workloads: [
      sampleWorkload({
        outcome: 'timed-out',
        reasonCode: 'timeout',
        message:
          'deployment shop/web: release 2.0.0 is not available after 10m: 2 pods wait with ImagePullBackOff (registry.example.com/shop/web:2.0.0 not found); check the tag',
        release: '2.0.0',
        previousRelease: '1.4.2',
        lastGoodRelease: '1.4.2',
        pods: { desired: 3, updated: 2, available: 2 },
        seconds: 600,
        timeline: [
          { at: 0.4, text: 'template set' },
          { at: 1.4, text: '2 of 3 pods updated' },
          { at: 12, text: 'web-6d4c: ImagePullBackOff' },
          { at: 600, text: 'timeout' },
        ],
        podStates: [
          'web-6d4cf56db6-2xk7p app waiting: ImagePullBackOff: Back-off pulling image "registry.example.com/shop/web:2.0.0"',
          'web-6d4cf56db6-9qzrd app waiting: ErrImagePull: rpc error: code = NotFound',
        ],
      }),
    ],
  }),

  planned: sampleResult({
    outcome: 'planned',
    reasonCode: 'planned',
    message: 'release 1.4.2 would be deployed to deployment shop/web',
    changed: false,
    workloads: [
      sampleWorkload({
        outcome: 'planned',
        reasonCode: 'planned',
        changed: false,
        revision: '',
        timeline: [],
        seconds: 0.2,
        templateDiff: [
          '   spec:',
          '     containers:',
          '     - name: app',
          '-      image: registry.example.com/shop/web:1.4.1',
          '+      image: registry.example.com/shop/web:1.4.2',
        ],
      }),
    ],
  }),

  unchanged: sampleResult({
    outcome: 'unchanged',
    reasonCode: 'already-live',
    mode: 'redeploy',
    versionChange: 'identical',
    direction: 'none',
    message: 'deployment shop/web: release 1.4.2 is live and complete',
    modeReason: '1.4.2 is live and complete',
    previousRelease: '1.4.2',
    changed: false,
    workloads: [
      sampleWorkload({
        outcome: 'unchanged',
        reasonCode: 'already-live',
        mode: 'redeploy',
        previousRelease: '1.4.2',
        previousRevision: '7',
        source: 'live',
        changed: false,
        imageChanges: [],
        seconds: 0.2,
        timeline: [],
      }),
    ],
  }),

  failedByInput: sampleResult({
    outcome: 'failed',
    reasonCode: 'invalid-input',
    message:
      'mode is "rollbak": use auto, deploy, redeploy or rollback\nimages line 1 is "*=web:1.4.2": name the container',
    mode: '',
    modeReason: '',
    versionChange: 'unknown',
    direction: 'unknown',
    previousRelease: '',
    lastAttemptedRelease: '',
    lastGoodRelease: '',
    changed: false,
    workloads: [],
  }),
} satisfies Record<string, Result>;
