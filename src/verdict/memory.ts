import type { PodContainer } from './containers.ts';
import { crashesOf, hookErrorOf, isDown, isOutOfMemory, lossesOf } from './containers.ts';
import type { Pull } from './pull.ts';
import type { Sighting, Signal } from './signal.ts';

/** What was seen of a release so far. Times are milliseconds since the epoch. */
export interface Memory {
  /** When it first was seen complete. */
  readonly completedAt: number | undefined;
  /** When each sign that is there now was first seen, by pod, container and sign. */
  readonly since: Readonly<Record<string, number>>;
  readonly lives: Readonly<Record<string, Lives>>;
  readonly pulls: Readonly<Record<string, Pull>>;
  readonly incarnations: Readonly<Record<string, Incarnation>>;
  readonly standstill: Standstill | undefined;
  /** The pods that failed, by uid: each counts once and for ever, also when it was replaced. */
  readonly failed: Readonly<Record<string, Failure>>;
  /** The pods that were evicted by a limit of their own, by uid. */
  readonly evicted: Readonly<Record<string, Sighting>>;
}

export interface Failure {
  readonly signal: Signal;
  /** Of how many desired pods it is one: the most since it failed, so that scaling down makes no failure weigh more. */
  readonly outOf: number;
}

/** What one container has been through. */
export interface Lives {
  readonly crashes: number;
  /** How many of its restarts are none of these, since its runtime lost it. */
  readonly losses: number;
  readonly outOfMemory: number;
  /** Why its postStart hook fails; the kubelet forgets it while it backs off. Empty without such an error. */
  readonly hookError: string;
  /** The crashes that it had when it first was seen, if it was ready then or older than the rollout: they are another story's. */
  readonly crashesAtFirst: number;
  /** The crashes up to when its pod last was ready before the release was complete, or first was ready after. */
  readonly crashesBefore: number | undefined;
}

/** A pod between two crashes of its containers. */
export interface Incarnation {
  readonly crashes: number;
  readonly readyAt: number | undefined;
}

/** No pods are made though some lack. */
export interface Standstill {
  /** How many pods there were. */
  readonly made: number;
  /** Since when no pod was made. */
  readonly first: number;
  /** How many old pods there were. */
  readonly old: number;
  /** How many pods were about to go. */
  readonly leaving: number;
  /** Since when no old pod has gone either. */
  readonly since: number;
}

export const nothingSeen: Memory = {
  completedAt: undefined,
  since: {},
  lives: {},
  pulls: {},
  incarnations: {},
  standstill: undefined,
  failed: {},
  evicted: {},
};

/** Counts a container's crashes, and among them the kills for memory. */
export function rememberLives(
  before: Lives | undefined,
  container: PodContainer,
  pod: { readonly isReady: boolean; readonly isOlder: boolean; readonly isComplete: boolean },
): Lives {
  const { state, lastState, restartCount = 0 } = container.status;
  const losses = Math.min(restartCount, Math.max(before?.losses ?? 0, lossesOf(container)));
  const crashes = crashesOf(container, losses);
  // The one of which it is down now is this story's.
  const earlier = Math.max(0, crashes - (isDown(container) ? 1 : 0));
  const crashesAtFirst = before?.crashesAtFirst ?? (pod.isReady || pod.isOlder ? earlier : 0);
  const endings = [state?.terminated, lastState?.terminated].filter((ending) => ending !== undefined);
  const fresh = endings.slice(0, Math.max(0, crashes - (before?.crashes ?? crashesAtFirst)));
  const isSettled = pod.isComplete && before?.crashesBefore !== undefined;
  const crashesBefore = pod.isReady && !isSettled ? crashes : before?.crashesBefore;
  // A kubelet that has lost the dead containers counts anew from 0.
  return {
    ...{ crashes, losses },
    outOfMemory: (before?.outOfMemory ?? 0) + fresh.filter(isOutOfMemory).length,
    hookError: hookErrorOf(container) || (isDown(container) ? (before?.hookError ?? '') : ''),
    crashesAtFirst: Math.min(crashes, crashesAtFirst),
    crashesBefore: crashesBefore && Math.min(crashes, crashesBefore),
  };
}

/** Notes when a pod first was ready since its last crash; readiness that comes and goes changes nothing. */
export function rememberIncarnation(
  before: Incarnation | undefined,
  pod: { readonly isReady: boolean; readonly crashes: number; readonly at: number },
): Incarnation {
  const readyAt = before?.crashes === pod.crashes ? before.readyAt : undefined;
  return { crashes: pod.crashes, readyAt: readyAt ?? (pod.isReady ? pod.at : undefined) };
}
