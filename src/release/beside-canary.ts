import { isHeldBack } from './canary.ts';
import type { CanaryStage } from './canary-plan.ts';
import { resolveRelease } from './resolve.ts';
import type { ReturnTarget } from './return-target.ts';
import type { WorkloadState } from './workload-state.ts';

/**
 * What a canary stands beside, which is where it goes back to: those pods serve, whatever is known of their release.
 * Undefined where none is held back, or its bits are not here any more.
 */
export function besideCanary(before: WorkloadState, stage: CanaryStage | undefined): ReturnTarget | undefined {
  const { live, canary, revisions, ledger } = before;
  const begins = stage !== undefined && !canary;
  if (begins || (stage?.pods !== undefined && canary && !isHeldBack(canary)))
    return { kind: 'found', release: live.release || live.label, template: live.template, source: 'replica-set' };
  if (!canary || !isHeldBack(canary)) return undefined;
  const found = resolveRelease(canary.from, revisions, ledger);
  return found.kind === 'found' ? { ...found, release: canary.from } : undefined;
}
