import { ClusterError } from '../errors.ts';
import type { Cluster, Log } from '../ports.ts';
import { podsOf } from '../release/canary.ts';
import { scalingOf } from '../rollout/autoscaler.ts';
import { exceededBudgets } from '../rollout/disruption-budget.ts';
import { ownFields } from '../rollout/loan.ts';
import { maxSurge } from '../rollout/max-surge.ts';
import { maxUnavailable } from '../rollout/max-unavailable.ts';
import type { Neighbours } from '../rollout/neighbours.ts';
import { lackingRoom } from '../rollout/surge-room.ts';
import { limitFields } from '../rollout/update-limits.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

export interface NeighbourPorts {
  readonly cluster: Cluster;
  readonly log: Log;
}

export interface Neighbourhood {
  /** Why the train must not go, one line each. */
  readonly problems: readonly string[];
  /** What to know of each step before it begins, a clause each, in the order of the steps. */
  readonly warnings: readonly (readonly string[])[];
}

/** A step that brings more pods, or lets more of them be missing, than the Deployment would by itself. */
interface Move {
  readonly step: Step;
  readonly isCanary: boolean;
  /** Pods beside all that there are now. */
  readonly more: number;
  /** Pods that may be missing. */
  readonly missing: number;
}

/**
 * What stands beside the workloads and meets a canary, or a rollout at limits that were asked for: quotas without room for
 * it refuse it, autoscalers and disruption budgets are warned of. A rollback is never kept waiting for them. What may not
 * be listed is told in the log, and not counted. Throws ClusterError.
 */
export async function neighbourProblems(
  ports: NeighbourPorts,
  steps: readonly Step[],
  request: Pick<TrainRequest, 'canary' | 'limits'>,
): Promise<Neighbourhood> {
  const moves = steps.map((step) => moveOf(step, request));
  const { namespace } = steps[0]?.survey.ref ?? {};
  const list = async <K extends keyof Neighbours>(kind: K, asks: (move: Move) => boolean) =>
    namespace !== undefined && moves.some((move) => move && asks(move)) ? listIfAllowed(ports, kind, namespace) : [];
  const [autoscalers, budgets, quotas] = await Promise.all([
    list('horizontalpodautoscalers', ({ isCanary }) => isCanary),
    list('poddisruptionbudgets', ({ missing }) => missing > 0),
    list('resourcequotas', ({ more }) => more > 0),
  ]);
  const growing = moves.filter((move): move is Move => move !== undefined && move.more > 0);
  const names = growing.map(({ step }) => nameOf(step.survey.ref)).join(' and ');
  const isCanary = growing.some((move) => move.isCanary);
  const what = isCanary ? 'the canary' : 'order start-first';
  const less = isCanary ? 'ask for a smaller canary' : 'set a smaller parallelism, or order: stop-first';
  const surges = growing.map(({ step, more }) => ({ template: templateOf(step), pods: more }));
  return {
    problems: lackingRoom(quotas, surges).map(
      ({ quota, needs }) =>
        `${names}: ${quota} has no room for ${what}: it needs ${needs}; raise the quota, or ${less}`,
    ),
    warnings: moves.map((move) => {
      if (!move) return [];
      const { ref, state } = move.step.survey;
      const labels = templateOf(move.step).metadata?.labels ?? {};
      const { replicas = 1 } = state.deployment.spec;
      const scaling = move.isCanary ? scalingOf(autoscalers, ref) : undefined;
      return [...(scaling ? [scaling] : []), ...exceededBudgets(budgets, { labels, replicas, missing: move.missing })];
    }),
  };
}

/** Undefined where the Deployment's own values decide, or no pods are wanted. */
function moveOf(step: Step, request: Pick<TrainRequest, 'canary' | 'limits'>): Move | undefined {
  const { survey, mode, change } = step;
  const { deployment, ledger, canary: held } = survey.state;
  const { replicas = 1, strategy } = deployment.spec;
  if (survey.ref.kind !== 'deployment' || mode.mode === 'rollback' || replicas === 0) return undefined;
  if (change.kind === 'keep' && !held) return undefined;
  const own = ownFields(deployment, ledger.loan);
  const { fields } = limitFields(deployment, own, request.limits);
  const rollingUpdate = { ...own, ...fields };
  const spec = { ...deployment.spec, strategy: { ...strategy, rollingUpdate } };
  const missing = maxUnavailable(spec);
  const isLent = fields.maxSurge !== undefined || fields.maxUnavailable !== undefined;
  const canary = change.kind === 'keep' ? step.canary?.pods : largestOf(request.canary, replicas);
  const isCanary = canary !== undefined;
  if (!isLent && !isCanary) return undefined;
  const surge = Math.max(canary ?? 0, isLent && missing === 0 ? maxSurge(spec) : 0);
  const present = Math.max(replicas, deployment.status?.replicas ?? 0);
  return { step, isCanary, more: Math.max(0, replicas + surge - present), missing };
}

/** What is begun must have room for all that it asks for, not for its first size alone. */
function largestOf(canary: TrainRequest['canary'], replicas: number): number | undefined {
  const sizes = (canary?.sizes ?? []).map((size) => podsOf(size, replicas));
  return sizes.length > 0 ? Math.max(...sizes) : undefined;
}

function templateOf({ survey, change }: Step) {
  return change.kind === 'write' ? change.template : survey.state.live.template;
}

/** What stands beside the workloads; none of what may not be listed, which the log tells. Throws ClusterError. */
export async function listIfAllowed<K extends keyof Neighbours>(
  { cluster, log }: NeighbourPorts,
  kind: K,
  namespace: string,
): Promise<readonly Neighbours[K][]> {
  try {
    return await cluster.listNeighbours(kind, namespace);
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'forbidden' || error.kind === 'rejected'))) throw error;
    log.info(`${error.message}; going on without a look at them`);
    return [];
  }
}
