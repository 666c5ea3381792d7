import { gateSize } from '../rollout/canary-gate.ts';
import { templateDigest } from '../rollout/template.ts';
import { type CanarySize, type HeldCanary, isBegunAgain, isHeldBack, podsOf, type RunAttempt } from './canary.ts';
import { canaryRefusal } from './canary-refusal.ts';
import type { Change } from './change.ts';
import type { Mode } from './mode.ts';
import { listReleases, showRelease } from './release-text.ts';
import type { WorkloadState } from './workload-state.ts';

/** How far a run may take a canary. */
export interface CanaryWish {
  /** Empty where none is to be begun. */
  readonly sizes: readonly CanarySize[];
  /** What becomes of one that is held. */
  readonly to: 'next' | 'all';
  /** Who asks, unless it is a promotion. */
  readonly by?: RunAttempt | undefined;
}

/** One workload of a train, with what has been decided about it. */
export interface CanaryWorkload {
  readonly state: WorkloadState;
  readonly mode: Mode;
  readonly change: Exclude<Change, { readonly kind: 'refused' }>;
  /** Why no ledger is kept; undefined where one is. */
  readonly ledgerProblem: string | undefined;
}

/** What a run does to a canary of one workload. */
export interface CanaryStage {
  /** As it is noted before it is written. */
  readonly canary: HeldCanary;
  /** How many pods it is to have; undefined for all. */
  readonly pods: number | undefined;
  /** Whether more pods come by it; else it sees to its end what was begun. */
  readonly grows: boolean;
  /** How many pods it has now, which must be well before more come. */
  readonly standing: number;
}

export type CanaryPlan =
  | { readonly kind: 'planned'; readonly stages: readonly (CanaryStage | undefined)[] }
  | {
      readonly kind: 'refused';
      readonly problems: readonly { readonly state: WorkloadState; readonly message: string }[];
    };

type Role =
  /** It moves as ever, or stays as it is. */
  | { readonly kind: 'apart' }
  | { readonly kind: 'begins'; readonly workload: CanaryWorkload }
  | {
      readonly kind: 'held';
      readonly workload: CanaryWorkload;
      readonly canary: HeldCanary;
      readonly position: number;
    };

/**
 * Plans the next stage of a train's canaries: all workloads reach a size before any goes on, one that was cut off while
 * it grew sees to that first, and a size that would bring no pod anywhere is passed over.
 */
export function planCanary(release: string, workloads: readonly CanaryWorkload[], wish: CanaryWish): CanaryPlan {
  const problems = workloads.flatMap((workload) => {
    const message = canaryRefusal(release, workload, wish, workloads);
    return message === undefined ? [] : [{ state: workload.state, message }];
  });
  if (problems.length > 0) return { kind: 'refused', problems };
  const roles = workloads.map((workload) => roleOf(workload, wish));
  const parted = partedProblems(roles);
  if (parted.length > 0) return { kind: 'refused', problems: parted };
  const index = nextIndex(roles, wish);
  return { kind: 'planned', stages: roles.map((role) => stageOf(role, index, release, wish)) };
}

/** A train that is begun beside several releases could not be taken back to one. */
function partedProblems(roles: readonly Role[]): Extract<CanaryPlan, { kind: 'refused' }>['problems'] {
  const froms = roles.flatMap((role) => (role.kind === 'apart' ? [] : [{ ...role, from: fromOf(role) }]));
  const names = [...new Set(froms.map(({ from }) => from))];
  if (names.length < 2 || !froms.some(({ kind }) => kind === 'begins')) return [];
  return froms.map(({ workload: { state }, from }) => {
    const others = listReleases(names.filter((name) => name !== from));
    const message = `no canary: it runs ${showRelease(from)}, and others of the train run ${others}; begin them apart`;
    return { state, message };
  });
}

/** What a canary stands beside; one that was let go is what is live. */
function fromOf({ workload: { state } }: Exclude<Role, { kind: 'apart' }>): string {
  const { canary, live } = state;
  return canary && isHeldBack(canary) ? canary.from : live.release || live.label;
}

function roleOf(workload: CanaryWorkload, { sizes, by }: CanaryWish): Role {
  const { state, mode, change } = workload;
  const { canary } = state;
  if (mode !== 'deploy') return { kind: 'apart' };
  if (change.kind === 'write') return sizes.length > 0 ? { kind: 'begins', workload } : { kind: 'apart' };
  if (!canary) return { kind: 'apart' };
  if (hasTakenOver(state)) return { kind: 'held', workload, canary, position: TAKEN_OVER };
  const stands = canary.heldSince !== undefined && standingPods(state) > 0;
  const stays = !stands || isBegunAgain(canary, by);
  return { kind: 'held', workload, canary, position: stays ? canary.step : canary.step + 1 };
}

/** Behind all sizes. */
const TAKEN_OVER = Number.POSITIVE_INFINITY;

/** Which size comes now, by its index; behind all sizes: everything. */
function nextIndex(roles: readonly Role[], { to, by }: CanaryWish): number {
  const begins = roles.some(({ kind }) => kind === 'begins');
  const held = roles.flatMap((role) => (role.kind === 'held' ? [role] : []));
  if (begins) return 0;
  const again = held.some(({ canary }) => isBegunAgain(canary, by));
  if ((to === 'all' && !again) || held.length === 0) return TAKEN_OVER;
  const first = Math.min(...held.map(({ position }) => position));
  if (held.some(({ canary, position }) => position === first && canary.step === first)) return first;
  const most = Math.max(...held.map(({ canary }) => canary.sizes.length));
  const brings = (index: number) =>
    held.some(({ canary, workload }) => podsAt(canary, index, workload) > podsAt(canary, canary.step, workload));
  const later = Array.from({ length: Math.max(0, most - first) }, (_, offset) => first + offset);
  return later.find(brings) ?? TAKEN_OVER;
}

function stageOf(role: Role, index: number, release: string, wish: CanaryWish): CanaryStage | undefined {
  switch (role.kind) {
    case 'apart':
      return undefined;
    case 'begins':
      return beginning(role, release, wish);
    case 'held': {
      const { canary, position, workload } = role;
      // What stands at a size waits there for the others.
      const waits = position > index && position !== TAKEN_OVER;
      const step = Math.min(waits ? canary.step : Math.max(index, position), canary.sizes.length);
      const { heldSince: _since, crashes: _crashes, ...kept } = canary;
      const pods = step < canary.sizes.length ? podsAt(canary, step, workload) : undefined;
      const standing = standingPods(workload.state);
      return { canary: { ...kept, release, step }, pods, grows: growsTo(pods, workload.state), standing };
    }
  }
}

function beginning(role: Extract<Role, { kind: 'begins' }>, release: string, { sizes, by }: CanaryWish): CanaryStage {
  const { state, change } = role.workload;
  const { live, deployment } = state;
  const [size = { pods: 1 }] = sizes;
  const template = change.kind === 'write' ? change.template : live.template;
  const digest = templateDigest(template);
  const canary = { release, digest, from: fromOf(role), ...(by && { run: by }), sizes, step: 0 };
  return { canary, pods: podsOf(size, deployment.spec.replicas ?? 1), grows: true, standing: 0 };
}

function podsAt({ sizes }: HeldCanary, index: number, { state }: CanaryWorkload): number {
  const replicas = state.deployment.spec.replicas ?? 1;
  const size = sizes[index];
  return size ? podsOf(size, replicas) : replicas;
}

function growsTo(pods: number | undefined, { deployment }: WorkloadState): boolean {
  const size = gateSize(deployment);
  // Whoever resets the gate alone has let nothing go yet, as long as it is paused.
  return pods === undefined ? size !== undefined || deployment.spec.paused === true : size !== pods;
}

/** Whether somebody let it go by hand, so that no size of it holds anything back any more. */
function hasTakenOver(state: WorkloadState): boolean {
  const { deployment } = state;
  return gateSize(deployment) === undefined && standingPods(state) >= (deployment.spec.replicas ?? 1);
}

function standingPods({ live }: WorkloadState): number {
  return live.revision?.replicaSet.spec.replicas ?? 0;
}

/** One line for the log: what comes of the canaries now. */
export function stageText(release: string, stages: readonly (CanaryStage | undefined)[]): string | undefined {
  const moving = stages.flatMap((stage) => stage ?? []);
  const [first] = moving;
  if (!first) return undefined;
  const pods = [...new Set(moving.map((stage) => String(stage.pods ?? 'all')))].join(', ');
  const beside = [...new Set(moving.map(({ canary }) => showRelease(canary.from)))].join(', ');
  if (first.pods === undefined) return `canary of ${showRelease(release)}: takes over from ${beside}`;
  const verb = first.grows ? 'goes to' : 'is seen to';
  return `canary of ${showRelease(release)}: ${verb} ${pods} ${pods === '1' ? 'pod' : 'pods'} beside ${beside}`;
}
