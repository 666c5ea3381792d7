import { type CanarySize, type HeldCanary, sizeText } from '../release/canary.ts';
import { type CanaryStage, type CanaryWish, planCanary } from '../release/canary-plan.ts';
import { findEntry } from '../release/ledger.ts';
import { showRelease } from '../release/release-text.ts';
import { gateFields } from '../rollout/canary-gate.ts';
import { ownFields } from '../rollout/loan.ts';
import { sameBits } from '../rollout/template.ts';
import { limitFields } from '../rollout/update-limits.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

/** Without the input `canary` a release takes over at once, one that is held as well. */
const TAKE_OVER: CanaryWish = { sizes: [], to: 'all' };

/** The steps with what comes of canaries; or why there can be none, one line each with the workload's name. */
export function canarySteps(
  steps: readonly Step[],
  release: string,
  request: Pick<TrainRequest, 'canary' | 'limits' | 'requested' | 'held' | 'runId' | 'runAttempt'>,
): { readonly steps: readonly Step[]; readonly problems: readonly string[] } {
  const { canary = TAKE_OVER, limits, requested } = request;
  const settled = steps.map((step) => unheldStep(heldStep(step, canary.sizes), canary.sizes));
  const workloads = settled.map(({ survey: { state, ledgerProblem }, mode, change }) => ({
    ...{ state, mode: mode.mode, change, ledgerProblem },
  }));
  const asked = requested === 'auto' && canary.sizes.length > 0;
  const unproven = asked ? settled.flatMap((step) => unprovenBack(step, release)) : [];
  if (unproven.length > 0) return { steps: settled, problems: unproven };
  const planned = planCanary(release, workloads, { ...canary, by: askedBy(request) });
  if (planned.kind === 'refused') {
    const problems = planned.problems.map(({ state, message }) => {
      const step = steps.find(({ survey }) => survey.state === state);
      return `${step ? nameOf(step.survey.ref) : state.workload}: ${message}`;
    });
    return { steps: settled, problems };
  }
  return { steps: settled.map((step, index) => withStage(step, planned.stages[index], limits)), problems: [] };
}

/** A promotion is somebody's decision, in whichever attempt it is made. */
function askedBy({ held, runId, runAttempt }: Pick<TrainRequest, 'held' | 'runId' | 'runAttempt'>) {
  return held || runId === '' || !runAttempt ? undefined : { id: runId, attempt: runAttempt };
}

/** What is held needs no template written; that it is paused is our own doing. */
function heldStep(step: Step, asked: readonly CanarySize[]): Step {
  const { change, mode, survey } = step;
  const { canary, live } = survey.state;
  if (!canary || mode.mode !== 'deploy' || !isLive(change, live.template)) return step;
  const { drift } = change;
  const warnings = [...change.warnings, ...otherSizes(canary, asked)];
  const reason = `${showRelease(canary.release)} is held as a canary beside ${showRelease(canary.from)}, and goes on`;
  return { ...step, mode: { ...mode, reason }, change: { kind: 'keep', watch: true, drift, warnings }, lend: {} };
}

/** A rollback that nobody demanded must not bring everywhere what was never let go. */
function unprovenBack({ survey: { ref, state }, mode, change }: Step, release: string): readonly string[] {
  const entry = findEntry(state.ledger, release);
  const isBack = mode.mode === 'rollback' && change.kind === 'write';
  if (!isBack || !entry || entry.verifiedAt !== undefined) return [];
  const why = `going back to ${showRelease(release)} would bring it to all pods, and it was never verified here`;
  return [`${nameOf(ref)}: no canary: ${why}; set mode to deploy to hold it as a canary, or leave canary out`];
}

/** Only a deploy is held back: it is told where a canary was asked for. */
function unheldStep(step: Step, asked: readonly CanarySize[]): Step {
  const { change, mode } = step;
  if (asked.length === 0 || change.kind === 'keep' || mode.mode === 'deploy') return step;
  const why = mode.mode === 'rollback' ? 'a rollback goes back at once' : 'a restart brings the same bits';
  return { ...step, change: { ...change, warnings: [...change.warnings, `canary is not applied: ${why}`] } };
}

/** Sizes that are asked for now are not those that it has. */
function otherSizes({ sizes }: HeldCanary, asked: readonly CanarySize[]): readonly string[] {
  const listed = (each: readonly CanarySize[]) => each.map(sizeText).join(', ');
  const differ = asked.length > 0 && listed(asked) !== listed(sizes);
  return differ
    ? [`canary: ${listed(asked)} is not applied: it began with ${listed(sizes)}, and goes on by these`]
    : [];
}

function isLive(change: Step['change'], live: Parameters<typeof sameBits>[0]): boolean {
  return change.kind === 'keep' || sameBits(change.template, live);
}

function withStage(step: Step, stage: CanaryStage | undefined, limits: TrainRequest['limits']): Step {
  if (!stage) return step;
  const { deployment, ledger } = step.survey.state;
  if (stage.pods !== undefined)
    return { ...step, canary: stage, lend: gateFields(stage.pods, deployment), remarks: [] };
  const { fields, unmet, remarks } = limitFields(deployment, ownFields(deployment, ledger.loan), limits);
  const change = { ...step.change, warnings: [...step.change.warnings, ...unmet] };
  return { ...step, canary: stage, change, lend: fields, remarks };
}
