import { SCALED_TO_NONE } from '../rollout/canary-status.ts';
import { ownFields } from '../rollout/loan.ts';
import { isHeldBack } from './canary.ts';
import type { CanaryWish, CanaryWorkload } from './canary-plan.ts';
import { showRelease } from './release-text.ts';

/** Why a workload can have no such canary, as a clause that says what to do; undefined where nothing is in the way. */
export function canaryRefusal(
  release: string,
  workload: CanaryWorkload,
  wish: CanaryWish,
  train: readonly CanaryWorkload[],
): string | undefined {
  const { state, mode, change } = workload;
  const { canary } = state;
  const held = canary && isHeldBack(canary) ? showRelease(canary.release) : undefined;
  if (held !== undefined && mode === 'redeploy')
    return `a canary of ${held} is held; promote it, or abort it, before it is restarted`;
  if (held !== undefined && mode === 'rollback' && change.kind === 'keep')
    return `${held} is held as a canary, so it is nothing to roll back to; promote it, or abort it`;
  if (mode !== 'deploy') return undefined;
  if (change.kind === 'keep' && canary) return heldRefusal(workload, wish);
  if (wish.sizes.length === 0) return undefined;
  if (change.kind === 'write') return beginningRefusal(workload);
  const idle = train.every((each) => each.change.kind === 'keep' && !each.change.watch);
  return idle
    ? `no canary: ${showRelease(release)} has the same template as ${showRelease(state.live.label)}, which is live; leave canary out`
    : undefined;
}

function heldRefusal({ state }: CanaryWorkload, { to }: CanaryWish): string | undefined {
  return state.deployment.spec.replicas === 0 && to === 'next' ? `no canary: ${SCALED_TO_NONE}` : undefined;
}

function beginningRefusal({ state, ledgerProblem }: CanaryWorkload): string | undefined {
  const { deployment, workload, complete, canary, live } = state;
  const { strategy, replicas } = deployment.spec;
  if (workload.startsWith('daemonset/')) return 'no canary: a DaemonSet can hold none; leave canary out';
  const partition = ownFields(deployment, state.ledger.loan).partition ?? 0;
  if (partition > 0) return `no canary: it has a partition of its own, ${partition}; set it to 0, or leave canary out`;
  if (strategy?.type === 'Recreate')
    return 'no canary: its strategy is Recreate, which stops all old pods first; set RollingUpdate, or leave canary out';
  if (replicas === 0) return 'no canary: it is scaled to 0; scale it up, or leave canary out';
  if (ledgerProblem !== undefined)
    return `no canary: it needs the ledger, which says what to give back afterwards: ${ledgerProblem}`;
  if (!complete && !(canary && isHeldBack(canary)))
    return `no canary: ${showRelease(live.label)}, which is live, is not complete; wait until it is, roll back, or leave canary out`;
  return undefined;
}
