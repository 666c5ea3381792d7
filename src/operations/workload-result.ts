import { type ClusterError, UnseenError } from '../errors.ts';
import { isHeldBack } from '../release/canary.ts';
import { canaryGone } from '../release/lost-canary.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { ImageChange, ReasonCode, WorkloadResult } from '../result.ts';
import type { Deployment } from '../rollout/objects.ts';
import { ownersOf } from '../rollout/owners.ts';
import { imagesOf } from '../rollout/template.ts';
import { canaryLeft } from './canary-left.ts';
import type { Step } from './prepare.ts';

export type Verdict = Pick<WorkloadResult, 'outcome' | 'reasonCode' | 'message'>;

/** The result where the release's bits are live already. */
export function unchangedResult(
  step: Step,
  release: string,
  seconds: number,
  warnings: readonly string[],
): WorkloadResult {
  const { state } = step.survey;
  const message =
    state.live.release === release
      ? `${state.workload}: ${showRelease(release)} is live already; nothing to do`
      : `${state.workload}: ${showRelease(release)} has the same template as ${showRelease(state.live.label)}, which is live; nothing rolled`;
  const verdict: Verdict = { outcome: 'unchanged', reasonCode: 'already-live', message };
  return {
    ...resultOf(step, release, state.deployment, verdict),
    warnings: [...warningsOf(step), ...warnings],
    seconds,
  };
}

/** The result where others kept changing the workload between our reading and our writing. */
export function outrunResult(step: Step, release: string, by: string): WorkloadResult {
  const { workload, deployment } = step.survey.state;
  const message = `${workload}: changed by ${by} while ${showRelease(release)} was being rolled; nothing was written, run again`;
  return resultOf(step, release, deployment, { outcome: 'superseded', reasonCode: 'superseded', message });
}

/** The result where the run was told to end before this workload was touched. */
export function cancelledResult(step: Step, release: string): WorkloadResult {
  const { workload, deployment } = step.survey.state;
  const message = `${workload}: the run was cancelled before ${showRelease(release)} was written`;
  return resultOf(step, release, deployment, { outcome: 'cancelled', reasonCode: 'cancelled', message });
}

/** The result where the API stopped us on this workload after the train had begun to move. */
export function stoppedResult(step: Step, release: string, reasonCode: ReasonCode, message: string): WorkloadResult {
  return resultOf(step, release, step.survey.state.deployment, { outcome: 'failed', reasonCode, message });
}

/** The result where another workload of the train failed before this one was touched. */
export function untouchedResult(step: Step, release: string): WorkloadResult {
  const message = `${step.survey.state.workload}: ${showRelease(release)} failed elsewhere in this run; nothing was written here`;
  return stoppedResult(step, release, 'train-failed', message);
}

/** The result of a canary that could not be noted: without that nobody would know what to give back. */
export function unnotedResult(step: Step, release: string, problem = 'no ledger is kept'): WorkloadResult {
  const message = `${step.survey.state.workload}: no canary of ${showRelease(release)}, nothing was written: ${problem}`;
  return stoppedResult(step, release, 'preflight-refused', message);
}

/** The result where the API kept us from seeing how it went; without `written`, from seeing whether it was written. */
export function unseenResult(
  step: Step,
  release: string,
  error: ClusterError,
  seconds: number,
  written?: Deployment,
): WorkloadResult {
  const { state } = step.survey;
  const lets = step.canary?.grows === true;
  const writes = step.change.kind === 'write' || lets;
  const what = lets && step.change.kind === 'keep' ? 'let go on' : 'written';
  const how = writes ? (written ? `was ${what}` : `may have been ${what}`) : 'is live';
  const message = `${state.workload}: ${showRelease(release)} ${how}, but how it went could not be seen: ${error.message}`;
  const verdict: Verdict = { outcome: 'failed', reasonCode: clusterReason(error), message };
  const result = resultOf(step, release, written ?? state.deployment, verdict);
  return {
    ...result,
    ...{ changed: writes, seconds, pods: { ...result.pods, unseen: true } },
    timeline: error instanceof UnseenError ? error.timeline : [],
    ...(writes && { revision: '' }),
  };
}

/** The reason code of an error at the Kubernetes API. */
export function clusterReason({ kind }: ClusterError): ReasonCode {
  return `cluster-${kind}`;
}

/** A result with this verdict, from what was read before anything was done, and `deployment` as it is now. */
export function resultOf(
  { survey, mode, change, canary }: Step,
  release: string,
  deployment: Deployment,
  verdict: Verdict,
): WorkloadResult {
  const { state } = survey;
  // What a held canary stands beside was live before it.
  const goesOn = canary && state.canary && change.kind === 'keep';
  const from = goesOn ? canary.canary.from : canaryLeft({ survey, mode, change }, release)?.from;
  const before = from === undefined ? state.live : { release: from, label: from };
  const { template } = deployment.spec;
  const target = change.kind === 'write' ? change.template : template;
  const number = state.live.revision?.number;
  return {
    workload: state.workload,
    namespace: survey.ref.namespace,
    ...verdict,
    mode: mode.mode,
    release,
    previousRelease: before.release,
    previousLabel: before.label,
    lastAttemptedRelease: state.lastAttempted ?? '',
    lastGoodRelease: state.lastGood ?? '',
    changed: false,
    source: change.kind === 'write' ? change.source : 'live',
    revision: number ? String(number) : '',
    previousRevision: number ? String(number) : '',
    images: imagesOf(target),
    imageChanges: imageChanges(state.live.template, target),
    templateDiff: [],
    pods: podCounts(deployment),
    drift: [...new Set([...state.live.drift, ...change.drift])],
    owners: ownersOf(state.deployment).map(({ name }) => name),
    // What a change would bring with it says nothing where the gate stops it.
    warnings: warningsOf({ survey, change: verdict.outcome === 'blocked' ? { ...change, warnings: [] } : change }),
    seconds: 0,
    timeline: [],
    podStates: [],
    ...(leavesCanary(state, release) && { leavesCanary: true }),
  };
}

function leavesCanary({ canary }: WorkloadState, release: string): boolean {
  return canary !== undefined && isHeldBack(canary) && canary.from === release;
}

/** What was odd before anything was done. */
export function warningsOf({ survey, change }: Pick<Step, 'survey' | 'change'>): readonly string[] {
  const { ledgerProblem, state } = survey;
  const gone = change.kind === 'write' ? canaryGone(state, change.template) : undefined;
  return [
    ...change.warnings,
    ...(gone === undefined ? [] : [gone]),
    ...(ledgerProblem === undefined ? [] : [`without its ledger: ${ledgerProblem}`]),
  ];
}

export function podCounts({ spec, status = {} }: Deployment): WorkloadResult['pods'] {
  const { updatedReplicas = 0, availableReplicas = 0 } = status;
  return { desired: spec.replicas ?? 1, updated: updatedReplicas, available: availableReplicas };
}

function imageChanges(
  from: Parameters<typeof imagesOf>[0],
  to: Parameters<typeof imagesOf>[0],
): readonly ImageChange[] {
  const before = imagesOf(from);
  return Object.entries(imagesOf(to))
    .filter(([container, image]) => before[container] !== image)
    .map(([container, image]) => ({ container, from: before[container] ?? '', to: image }));
}
