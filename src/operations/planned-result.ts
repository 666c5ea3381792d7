import { sizeText } from '../release/canary.ts';
import type { CanaryStage } from '../release/canary-plan.ts';
import type { PlannedCanary } from '../release/canary-report.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadResult } from '../result.ts';
import { canaryLeft, inPlaceOf } from './canary-left.ts';
import { canaryFound } from './canary-standing.ts';
import type { Step } from './prepare.ts';
import { resultOf, type Verdict } from './workload-result.ts';

/** The result of a plan: what a run would do. */
export function plannedResult(step: Step, release: string, templateDiff: readonly string[]): WorkloadResult {
  const { state } = step.survey;
  const { change, mode } = step;
  const before = canaryLeft(step, release)?.from ?? state.live.label;
  const [to, from] = [showRelease(release), showRelease(before)];
  const would = {
    deploy: `would deploy ${to} over ${from}${inPlaceOf(step, release)}`,
    redeploy: `would restart ${to}`,
    rollback: `would roll back from ${from} to ${to}`,
  };
  const verdict: Verdict = {
    outcome: 'planned',
    reasonCode: 'planned',
    message: `${state.workload}: ${step.canary ? wouldHold(step.canary, to) : change.kind === 'write' ? would[mode.mode] : `has the template of ${to} already`}`,
  };
  const found = canaryFound(state);
  return {
    ...resultOf(step, release, state.deployment, verdict),
    templateDiff,
    ...(step.canary && { plannedCanary: plannedCanary(step.canary) }),
    ...(found && { canary: found }),
  };
}

function plannedCanary({ canary, pods }: CanaryStage): PlannedCanary {
  const { from, sizes } = canary;
  return { from, ...(pods !== undefined && { pods }), sizes: sizes.map(sizeText) };
}

function wouldHold({ pods, canary }: CanaryStage, release: string): string {
  const beside = `beside ${showRelease(canary.from)}`;
  if (pods === undefined) return `would let the canary of ${release} take over`;
  return `would hold ${release} as a canary of ${pods} ${pods === 1 ? 'pod' : 'pods'} ${beside}`;
}
