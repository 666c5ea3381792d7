import type { HistoryRow } from '../../src/report/history-row.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';

/** A workload that went from 1.4.1 to 1.4.2 without trouble, but for what a test says otherwise. */
export function sampleWorkload(overrides: Partial<WorkloadResult> = {}): WorkloadResult {
  return {
    workload: 'deployment/web',
    namespace: 'shop',
    outcome: 'succeeded',
    reasonCode: 'rolled-out',
    message: 'deployment shop/web: release 1.4.2 is available',
    mode: 'deploy',
    release: '1.4.2',
    previousRelease: '1.4.1',
    previousLabel: overrides.previousRelease || '1.4.1',
    lastAttemptedRelease: '1.4.1',
    lastGoodRelease: '1.4.1',
    changed: true,
    source: 'images',
    revision: '7',
    previousRevision: '6',
    images: { app: 'registry.example.com/shop/web:1.4.2' },
    imageChanges: [
      { container: 'app', from: 'registry.example.com/shop/web:1.4.1', to: 'registry.example.com/shop/web:1.4.2' },
    ],
    templateDiff: [],
    pods: { desired: 3, updated: 3, available: 3 },
    drift: [],
    owners: [],
    warnings: [],
    seconds: 42.3,
    timeline: [
      { at: 0.4, text: 'template set' },
      { at: 1.1, text: '1 of 3 pods updated' },
      { at: 18, text: '2 of 3 pods updated' },
      { at: 31, text: '3 of 3 pods updated' },
      { at: 42.3, text: 'available' },
    ],
    podStates: [],
    ...overrides,
  };
}

/** A deploy of 1.4.2 by workflow_dispatch, on one workload unless a test says otherwise. */
export function sampleResult(overrides: Partial<Result> = {}): Result {
  return {
    schemaVersion: 1,
    outcome: 'succeeded',
    reasonCode: 'rolled-out',
    message: 'release 1.4.2 is available on deployment shop/web',
    mode: 'deploy',
    modeReason: '1.4.2 was never here and is newer than the live 1.4.1',
    versionChange: 'build',
    direction: 'up',
    goesOn: false,
    release: '1.4.2',
    previousRelease: '1.4.1',
    lastAttemptedRelease: '1.4.1',
    lastGoodRelease: '1.4.1',
    firstDeployment: false,
    trigger: 'workflow_dispatch',
    actor: 'mona',
    runUrl: 'https://github.com/example/shop/actions/runs/17',
    reason: '',
    ...{ environment: 'staging', scope: 'default', gate: { answer: 'open', blocks: [], warnings: [] } },
    changed: true,
    rolledBackTo: '',
    checks: [],
    workloads: [sampleWorkload()],
    ...overrides,
  };
}

export function sampleRow(overrides: Partial<HistoryRow> = {}): HistoryRow {
  return {
    workload: 'deployment/web',
    release: '1.4.1',
    revision: '6',
    images: { app: 'registry.example.com/shop/web:1.4.1' },
    createdAt: '2026-11-20T10:00:00Z',
    verdict: 'verified',
    ...{ live: false, canary: false, pods: 2 },
    lastGood: false,
    restorable: 'replica-set',
    note: '',
    ...overrides,
  };
}
