import type { ClusterError } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';
import type { ImageChange, Outcome, ReasonCode, WorkloadResult } from '../result.ts';
import { REVISION } from '../rollout/marks.ts';
import type { Deployment } from '../rollout/objects.ts';
import { ownersOf } from '../rollout/owners.ts';
import { podStates } from '../rollout/pods.ts';
import { imagesOf } from '../rollout/template.ts';
import type { Step } from './prepare.ts';
import type { RolloutEnd } from './watch-rollout.ts';

type Verdict = Pick<WorkloadResult, 'outcome' | 'reasonCode' | 'message'>;

/** The result of a rollout that was watched to its end. */
export function rolledResult(
  step: Step,
  release: string,
  end: RolloutEnd,
  seconds: number,
  warnings: readonly string[],
): WorkloadResult {
  const { deployment = step.survey.state.deployment, carrier, pods = [] } = end.last;
  const verdict = verdictOf(step, release, end);
  const { desired, updated } = podCounts(deployment);
  const available = end.last.deployment ? Math.min(desired, carrier?.status?.availableReplicas ?? 0) : 0;
  return {
    ...resultOf(step, release, deployment, verdict),
    changed: step.change.kind === 'write',
    pods: { desired, updated, available },
    revision: carrier?.metadata.annotations?.[REVISION] ?? '',
    warnings: [...warningsOf(step), ...warnings],
    seconds,
    timeline: end.timeline,
    podStates: verdict.outcome === 'succeeded' ? [] : podStates(pods),
  };
}

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

/** The result where the API stopped us on this workload after the train had begun to move. */
export function stoppedResult(step: Step, release: string, reasonCode: ReasonCode, message: string): WorkloadResult {
  return resultOf(step, release, step.survey.state.deployment, { outcome: 'failed', reasonCode, message });
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
  const writes = step.change.kind === 'write';
  const how = writes ? (written ? 'was written' : 'may have been written') : 'is live';
  const message = `${state.workload}: ${showRelease(release)} ${how}, but how it went could not be seen: ${error.message}`;
  const verdict: Verdict = { outcome: 'failed', reasonCode: clusterReason(error), message };
  return { ...resultOf(step, release, written ?? state.deployment, verdict), changed: writes, seconds };
}

/** The reason code of an error at the Kubernetes API. */
export function clusterReason({ kind }: ClusterError): ReasonCode {
  return `cluster-${kind}`;
}

/** The result of a plan: what a run would do. */
export function plannedResult(step: Step, release: string, templateDiff: readonly string[]): WorkloadResult {
  const { state } = step.survey;
  const { change, mode } = step;
  const [to, from] = [showRelease(release), showRelease(state.live.label)];
  const would = {
    deploy: `would deploy ${to} over ${from}`,
    redeploy: `would restart ${to}`,
    rollback: `would roll back from ${from} to ${to}`,
  };
  const verdict: Verdict = {
    outcome: 'planned',
    reasonCode: 'planned',
    message: `${state.workload}: ${change.kind === 'write' ? would[mode.mode] : `has the template of ${to} already`}`,
  };
  return { ...resultOf(step, release, state.deployment, verdict), templateDiff };
}

function resultOf(
  { survey, mode, change }: Step,
  release: string,
  deployment: Deployment,
  verdict: Verdict,
): WorkloadResult {
  const { state } = survey;
  const { template } = deployment.spec;
  const target = change.kind === 'write' ? change.template : template;
  const number = state.live.revision?.number;
  return {
    workload: state.workload,
    namespace: survey.ref.namespace,
    ...verdict,
    mode: mode.mode,
    release,
    previousRelease: state.live.release,
    previousLabel: state.live.label,
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
    warnings: warningsOf({ survey, change }),
    seconds: 0,
    timeline: [],
    podStates: [],
  };
}

function warningsOf({ survey, change }: Pick<Step, 'survey' | 'change'>): readonly string[] {
  const { ledgerProblem } = survey;
  return ledgerProblem === undefined ? change.warnings : [...change.warnings, `without its ledger: ${ledgerProblem}`];
}

function podCounts({ spec, status = {} }: Deployment): WorkloadResult['pods'] {
  const { updatedReplicas = 0, availableReplicas = 0 } = status;
  return { desired: spec.replicas ?? 1, updated: updatedReplicas, available: availableReplicas };
}

function verdictOf({ survey: { state }, mode }: Step, release: string, { status }: RolloutEnd): Verdict {
  const name = `${state.workload}: ${showRelease(release)}`;
  const verdict = (outcome: Outcome, reasonCode: ReasonCode, text: string): Verdict => ({
    outcome,
    reasonCode,
    message: `${name} ${text}`,
  });
  switch (status.state) {
    case 'done':
      return verdict(
        'succeeded',
        status.verified ? 'rolled-out' : 'nothing-verified',
        `${DONE[mode.mode]}, ${status.message}`,
      );
    case 'superseded':
      return verdict('superseded', 'superseded', `was superseded: ${status.message}`);
    case 'deleted':
      return verdict('failed', 'deleted', `was not rolled out: ${status.message}`);
    case 'stalled':
      return verdict('failed', 'progress-deadline-exceeded', `does not get on: ${status.message}`);
    default:
      return verdict('timed-out', 'timeout', `is ${status.message}`);
  }
}

const DONE = { deploy: 'is deployed', redeploy: 'is redeployed', rollback: 'is back' } as const;

function imageChanges(
  from: Parameters<typeof imagesOf>[0],
  to: Parameters<typeof imagesOf>[0],
): readonly ImageChange[] {
  const before = imagesOf(from);
  return Object.entries(imagesOf(to))
    .filter(([container, image]) => before[container] !== image)
    .map(([container, image]) => ({ container, from: before[container] ?? '', to: image }));
}
