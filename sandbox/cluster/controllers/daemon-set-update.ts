import type { Node } from '../model/node-fit.ts';
import type { DaemonSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { isUpdated, nodeOf, placementOn } from './daemon-pod.ts';
import { isAvailable, isTerminating } from './pod-availability.ts';
import { scaledCount } from './replica-counts.ts';

/** What a step of a DaemonSet takes away and on which nodes it makes pods. */
export interface DaemonStep {
  readonly remove: readonly Pod[];
  readonly create: readonly string[];
}

/** What one node has: its pods of the template's revision and of others, not those about to end. */
interface NodeState {
  readonly node: string;
  readonly shouldRun: boolean;
  readonly fresh: readonly Pod[];
  readonly old: readonly Pod[];
}

/**
 * `rollingUpdate` of the DaemonSet controller: old pods that serve nobody go at once, others as far as maxUnavailable
 * allows; with maxSurge a new one is made beside the old one, which goes once the new one is available.
 */
export const rollingUpdate = (
  plane: ControlPlane,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
): DaemonStep => {
  const states = statesOf(set, nodes, pods, hash);
  const total = states.filter(({ shouldRun }) => shouldRun).length;
  const serves = (pod: Pod | undefined) =>
    pod !== undefined && isAvailable(plane.clock, pod, set.spec.minReadySeconds ?? 0);
  const surge = surgeCount(set, total);
  return surge === 0
    ? { remove: replaceable(states, serves, unavailableCount(set, total)), create: [] }
    : surgeStep(states, serves, surge, total);
};

/** maxSurge in pods: a percentage rounds up. */
export const surgeCount = ({ spec }: DaemonSet, total: number): number =>
  spec.updateStrategy.type === 'RollingUpdate'
    ? scaledCount(spec.updateStrategy.rollingUpdate?.maxSurge ?? 0, total, Math.ceil)
    : 0;

/** maxUnavailable in pods: a percentage rounds up, unlike a Deployment's; never 0 where nothing may surge. */
const unavailableCount = ({ spec }: DaemonSet, total: number): number =>
  Math.max(1, scaledCount(spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1, total, Math.ceil));

const statesOf = (set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[], hash: string): readonly NodeState[] =>
  nodes
    .map((node) => {
      const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
      const staying = here.filter((pod) => !isTerminating(pod));
      const fresh = staying.filter((pod) => isUpdated(pod, set, hash));
      const old = staying.filter((pod) => !fresh.includes(pod));
      const { shouldRun } = placementOn(node, set);
      return { node: node.metadata.name, shouldRun, occupied: here.length > 0, fresh, old };
    })
    .filter(({ shouldRun, occupied }) => shouldRun || occupied);

type Serves = (pod: Pod | undefined) => boolean;

const replaceable = (states: readonly NodeState[], serves: Serves, maxUnavailable: number): readonly Pod[] => {
  const only = states.filter(({ fresh, old }) => fresh.length === 0 && old.length === 1).flatMap(({ old }) => old);
  const idle = only.filter((pod) => !serves(pod));
  const updated = states.filter(({ fresh, old }) => fresh.length === 1 && old.length === 0 && serves(fresh[0]));
  const unavailable = states.length - (only.length - idle.length) - updated.length;
  const serving = only.filter(serves);
  return [...idle, ...serving.slice(0, Math.max(0, maxUnavailable - unavailable))];
};

const surgeStep = (states: readonly NodeState[], serves: Serves, maxSurge: number, total: number): DaemonStep => {
  const excess = ({ fresh, old }: NodeState) => fresh.length > 1 || old.length > 1;
  const surging = states.filter((state) => excess(state) || (state.old.length === 1 && state.fresh.length === 1));
  const relieved = surging.filter((state) => !excess(state) && serves(state.fresh[0]));
  const waiting = states.filter(({ fresh, old }) => fresh.length === 0 && old.length === 1);
  const [idle, serving] = [waiting.filter(({ old }) => !serves(old[0])), waiting.filter(({ old }) => serves(old[0]))];
  const room = Math.max(0, maxSurge - (surging.length - relieved.length));
  const allowed = [...idle, ...serving.filter(({ shouldRun }) => shouldRun).slice(0, room)];
  const available = states.filter((state) => !excess(state) && serves(state.old[0] ?? state.fresh[0])).length;
  const misplaced = serving.filter(({ shouldRun }) => !shouldRun).slice(0, Math.max(0, available - total));
  const given = [...relieved, ...misplaced, ...idle.filter(({ shouldRun }) => !shouldRun)];
  return {
    remove: given.flatMap(({ old }) => old),
    create: allowed.filter(({ shouldRun }) => shouldRun).map(({ node }) => node),
  };
};
