import { showRelease } from '../release/release-text.ts';
import type { Outcome, ReasonCode, WorkloadResult } from '../result.ts';
import { REVISION } from '../rollout/marks.ts';
import { isDeletable } from '../rollout/ordered-ready.ts';
import { availablePods, podStates } from '../rollout/pods.ts';
import type { Cause } from '../verdict/cause.ts';
import { inPlaceOf } from './canary-left.ts';
import { canaryAtEnd } from './canary-standing.ts';
import type { Step } from './prepare.ts';
import type { RolloutEnd } from './watch-rollout.ts';
import { podCounts, resultOf, type Verdict, warningsOf } from './workload-result.ts';

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
  const canary = canaryAtEnd(step, end);
  const { desired, updated } = podCounts(deployment);
  const held = step.canary?.pods !== undefined;
  // Beside a canary, the old pods are the available ones.
  const counted = held ? deployment.status?.availableReplicas : availablePods(deployment, carrier, pods);
  const available = end.last.deployment ? Math.min(desired, counted ?? 0) : 0;
  const serving = !held && verdict.outcome !== 'succeeded' ? oldAvailable(step, end) : 0;
  return {
    ...resultOf(step, release, deployment, verdict),
    changed: step.change.kind === 'write' || step.canary?.grows === true,
    pods: { desired, updated, available, ...(serving > 0 && { oldAvailable: serving }) },
    revision: carrier?.metadata.annotations?.[REVISION] ?? '',
    warnings: [...warningsOf(step), ...warnings],
    seconds,
    timeline: end.timeline,
    podStates: verdict.outcome === 'succeeded' ? [] : podStates(pods, end.cause?.pods),
    ...(end.cause && { cause: end.cause }),
    ...waitsFor(verdict, end),
    ...(canary && { canary }),
  };
}

function waitsFor({ reasonCode }: Verdict, { last: { inTheWay } }: RolloutEnd): Pick<WorkloadResult, 'podInTheWay'> {
  const waits = reasonCode === 'held-up' || reasonCode === 'timeout';
  return waits && inTheWay && isDeletable(inTheWay) ? { podInTheWay: inTheWay.pod.metadata.name } : {};
}

/** Only of a Deployment is it known which of its available pods are old ones. */
function oldAvailable({ survey }: Step, { last: { deployment, carrier } }: RolloutEnd): number {
  if (survey.ref.kind !== 'deployment') return 0;
  return Math.max(0, (deployment?.status?.availableReplicas ?? 0) - (carrier?.status?.availableReplicas ?? 0));
}

/** The result of a rollout that nobody waits for any more, since the run was told to end. */
export function haltedResult(
  step: Step,
  release: string,
  end: RolloutEnd,
  seconds: number,
  warnings: readonly string[],
): WorkloadResult {
  const { workload } = step.survey.state;
  const name = `${workload}: ${showRelease(release)}`;
  const written = step.change.kind === 'write' ? 'was written' : 'is being rolled out';
  const canary = step.canary?.pods;
  const message =
    canary === undefined
      ? `${name} ${written}, but the run was cancelled before it was complete; run it again to see it to its end`
      : `${name} was written as a canary, but the run was cancelled before it stood; it does not grow beyond ${canary} ${canary === 1 ? 'pod' : 'pods'}; run it again, or take it back with abort/`;
  const rolled = rolledResult(step, release, end, seconds, warnings);
  return { ...rolled, outcome: 'cancelled', reasonCode: 'cancelled', message };
}

function verdictOf(step: Step, release: string, { status, cause }: RolloutEnd): Verdict {
  const { survey, mode } = step;
  const { state } = survey;
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
        `${DONE[mode.mode]}, ${status.message}${inPlaceOf(step, release)}`,
      );
    case 'superseded':
      return verdict('superseded', 'superseded', `was superseded: ${status.message}`);
    case 'deleted':
      return verdict('failed', 'deleted', `was not rolled out: ${status.message}`);
    case 'stalled':
      return verdict('failed', 'progress-deadline-exceeded', `does not get on: ${because(status.message, cause)}`);
    case 'held-up':
      return verdict('failed', 'held-up', `is ${status.message}`);
    case 'failed':
      return verdict('failed', cause?.code ?? 'check-failed', `failed: ${status.message}`);
    default:
      return verdict('timed-out', 'timeout', cause ? `was ${late(status.message, cause)}` : `is ${status.message}`);
  }
}

function because(message: string, cause: RolloutEnd['cause']): string {
  return cause ? `${cause.message} (${message})` : message;
}

/** `not complete after 600 s: not ready: … (1 of 3 pods available)` */
function late(message: string, cause: Cause): string {
  const deadline = `${cause.deadline ?? 'not complete'}: `;
  return deadline + because(message.startsWith(deadline) ? message.slice(deadline.length) : message, cause);
}

const DONE = { deploy: 'is deployed', redeploy: 'is redeployed', rollback: 'is back' } as const;
