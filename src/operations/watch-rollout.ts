import type { Clock, Cluster, Log } from '../ports.ts';
import type { Condition } from '../rollout/objects.ts';
import { isReady } from '../rollout/pods.ts';
import { progressing, type RolloutStatus, rolloutStatus } from '../rollout/status.ts';
import { type Observation, type Observed, observe } from './observe.ts';

export interface RolloutEnd {
  readonly status: RolloutStatus | { readonly state: 'timed-out' | 'deleted'; readonly message: string };
  /** The objects when it ended. */
  readonly last: Observation;
  /** What was said while it ran, with seconds since the watch began. */
  readonly timeline: readonly { readonly at: number; readonly text: string }[];
}

export interface Awaited extends Observed {
  readonly generation: number;
  readonly progressingBefore: Condition | undefined;
  readonly timeoutMs: number;
}

/** A pod may be counted by its ReplicaSet shortly before our own watch tells of it. */
const PODS_LAG_MS = 500;

/** Waits until a rollout ends, well or badly, or `timeoutMs` are over. An API that is away for a while is waited for. */
export async function watchRollout(
  ports: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  awaited: Awaited,
): Promise<RolloutEnd> {
  const { clock, log } = ports;
  const { kind, namespace, name } = awaited.ref;
  const stop = new AbortController();
  const ended = Promise.withResolvers<RolloutEnd['status']>();
  const timeline: { at: number; text: string }[] = [];
  const begin = clock.now();
  let last: Observation = { ...awaited, replicaSets: [], carrier: undefined, pods: undefined };
  let { progressingBefore } = awaited;

  const judge = (observation: Observation) => {
    last = observation;
    const status = statusOf(observation, { ...awaited, progressingBefore });
    // A sync that was under way when we wrote may still report on the template that was left.
    if (isUnobserved(observation, awaited))
      progressingBefore = observation.deployment && progressing(observation.deployment);
    if (status.message !== timeline.at(-1)?.text) {
      timeline.push({ at: (clock.now() - begin) / 1000, text: status.message });
      log.info(`${kind} ${namespace}/${name}: ${status.message}`);
    }
    if (status.state === 'progressing') return;
    if (status.state !== 'done' || sawItsPods(observation)) return ended.resolve(status);
    void clock.sleep(PODS_LAG_MS, stop.signal).then(() => ended.resolve(status));
  };
  const timeout = async () => {
    await clock.sleep(awaited.timeoutMs, stop.signal);
    const seconds = Math.round(awaited.timeoutMs / 1000);
    ended.resolve({ state: 'timed-out', message: `not complete after ${seconds} s: ${timeline.at(-1)?.text ?? ''}` });
  };
  observe(ports, awaited, stop.signal, judge).catch(ended.reject);
  void timeout();
  try {
    return { status: await ended.promise, last, timeline };
  } finally {
    stop.abort();
  }
}

function statusOf({ deployment, carrier }: Observation, awaited: Awaited): RolloutEnd['status'] {
  if (!deployment) return { state: 'deleted', message: 'it was deleted during the rollout' };
  return rolloutStatus(deployment, carrier, awaited);
}

function isUnobserved({ deployment }: Observation, { generation }: Awaited): boolean {
  return (deployment?.status?.observedGeneration ?? 0) < generation;
}

function sawItsPods({ deployment, pods = [] }: Observation): boolean {
  return pods.filter(isReady).length >= (deployment?.spec.replicas ?? 1);
}
