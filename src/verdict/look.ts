import type { Deployment, Pod, ReplicaSet } from '../rollout/objects.ts';
import { isReady } from '../rollout/pods.ts';
import { isActive } from './active-pod.ts';
import { containersOf } from './containers.ts';
import { type Creation, judgeCreation, refusedReplicaSet } from './creation.ts';
import { rememberEvictions } from './evictions.ts';
import { type Incarnation, type Lives, type Memory, rememberIncarnation, rememberLives } from './memory.ts';
import { isOlder } from './older-pod.ts';
import { type Pull, rememberPull } from './pull.ts';
import type { Sighting, Signal } from './signal.ts';
import { signalsOfPod } from './signals-of-pod.ts';

/** A release at one moment. */
export interface Seen {
  readonly deployment: Deployment;
  /** The ReplicaSet that carries the release's template. */
  readonly carrier: ReplicaSet | undefined;
  /** Its pods; undefined where pods may not be seen. */
  readonly pods: readonly Pod[] | undefined;
  /** How many pods the release is to have: all replicas, or a canary's. */
  readonly desired: number;
  /** How many pods there were when the rollout was complete for the first time, with no old ones; undefined before. */
  readonly completeWith: number | undefined;
  /** When the rollout began (`rolloutBegan`); undefined where all that its pods went through is its own, as a canary's is. */
  readonly began: number | undefined;
  /** Milliseconds since the epoch, by our own clock. */
  readonly at: number;
}

export interface Look {
  readonly memory: Memory;
  /** The release's pods that count. */
  readonly pods: readonly Pod[];
  readonly signals: readonly Signal[];
}

/** Takes in what is seen now: what is remembered of it, and what signs of trouble there are. */
export function look(before: Memory, seen: Seen): Look {
  const { deployment, carrier, completeWith, at } = seen;
  if (isUnobserved(deployment)) return lookAtRefusal(before, seen);
  const pods = (seen.pods ?? []).filter(isActive);
  const completedAt = before.completedAt ?? (completeWith === undefined ? undefined : at);
  const evicted = rememberEvictions(before, seen.pods ?? [], at);
  const memory = { ...before, completedAt, evicted, ...rememberPods(before, pods, seen, completedAt !== undefined) };
  const sightings = [...pods.flatMap((pod) => signalsOfPod(pod, memory)), ...Object.values(evicted)];
  const since = Object.fromEntries(sightings.map(keyOf).map((key) => [key, before.since[key] ?? at]));
  const creation = judgeCreation(before.standstill, deployment, carrier, at);
  const signals = sightings.map((sighting) => ({ ...sighting, since: since[keyOf(sighting)] ?? at }));
  return {
    memory: { ...memory, since, standstill: creation.standstill },
    pods,
    signals: [...signals, ...creation.signals],
  };
}

function isUnobserved({ metadata, status }: Deployment): boolean {
  return (status?.observedGeneration ?? 0) < (metadata.generation ?? 0);
}

/** Pods and conditions may still tell of another template; only a ReplicaSet that is refused keeps the controller there. */
function lookAtRefusal(memory: Memory, { deployment, carrier, at }: Seen): Look {
  const refused = !carrier && refusedReplicaSet(deployment);
  const creation: Creation = refused
    ? judgeCreation(memory.standstill, deployment, carrier, at)
    : { standstill: memory.standstill, signals: [] };
  return { memory: { ...memory, standstill: creation.standstill }, pods: [], signals: creation.signals };
}

function rememberPods(
  before: Memory,
  pods: readonly Pod[],
  { began, at }: Seen,
  isComplete: boolean,
): Pick<Memory, 'lives' | 'pulls' | 'incarnations'> {
  const lives: Record<string, Lives> = { ...before.lives };
  const pulls: Record<string, Pull> = {};
  const incarnations: Record<string, Incarnation> = { ...before.incarnations };
  for (const pod of pods) {
    const state = { isReady: isReady(pod), isOlder: isOlder(pod, began), isComplete };
    const containers = containersOf(pod);
    for (const container of containers) {
      const { key } = container;
      lives[key] = rememberLives(before.lives[key], container, state);
      const pull = rememberPull(before.pulls[key], container);
      if (pull) pulls[key] = pull;
    }
    const crashes = containers.reduce((sum, { key }) => sum + (lives[key]?.crashes ?? 0), 0);
    const { uid } = pod.metadata;
    incarnations[uid] = rememberIncarnation(before.incarnations[uid], { ...state, crashes, at });
  }
  return { lives, pulls, incarnations };
}

function keyOf({ pod, container, sign }: Sighting): string {
  return `${pod?.uid}/${container}/${sign}`;
}
