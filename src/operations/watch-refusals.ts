import { ClusterError } from '../errors.ts';
import type { Clock, Cluster, Log, WorkloadRef } from '../ports.ts';
import type { ClusterEvent, Deployment, Pod, ReplicaSet } from '../rollout/objects.ts';
import { isRefused, lackingPods, withRefusal, writtenAt } from '../rollout/refused-pods.ts';
import type { Observation, Observed } from './observe.ts';

/** Why the pods of a set are not made, as far as its events tell. */
export interface Refusals {
  /** The revision as it is to be judged. While pods lack, events are read, and `onRead` is called after each time. */
  shownOn(
    workload: Deployment,
    carrier: ReplicaSet | undefined,
    pods: readonly Pod[] | undefined,
  ): ReplicaSet | undefined;
}

/** Milliseconds: a set is given that long to make its pods, and is then looked at twice as rarely each time. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 16_000;

/**
 * Reads a set's events only while its rollout lacks pods and makes none, until `signal` aborts. `onFailed` is called with
 * what `onRead` throws.
 */
export function watchRefusals(
  { cluster, clock, log }: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  { ref: { namespace }, deployment: written }: Observed,
  signal: AbortSignal,
  { onRead, onFailed }: { readonly onRead: () => void; readonly onFailed: (error: unknown) => void },
): Refusals {
  const since = writtenAt(written);
  let events: readonly ClusterEvent[] = [];
  let lacking = 0;
  let reading = new AbortController();
  let mayRead = true;

  const read = async (uid: string, stop: AbortSignal) => {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await clock.sleep(pause, stop);
      if (stop.aborted) return;
      const found = await cluster.listEvents(namespace, [uid], stop).catch(refused);
      if (!mayRead || stop.aborted) return;
      if (!found) continue;
      events = found;
      onRead();
    }
  };
  /** What cannot be read now may be later; without it, a rollout is judged by all else. */
  const refused = (error: unknown): undefined => {
    if (!isForbidden(error)) return;
    mayRead = false;
    log.warn(`${error.message}; going on without knowing why pods are not made`);
  };

  return {
    shownOn(workload, carrier, pods) {
      const now = lackingPods(workload, carrier, pods);
      if (now !== lacking) {
        reading.abort();
        reading = new AbortController();
        if (now > 0 && mayRead) read(workload.metadata.uid, AbortSignal.any([signal, reading.signal])).catch(onFailed);
        if (now === 0) events = [];
      }
      lacking = now;
      return withRefusal(workload, carrier, lacking, { events, own: pods, since });
    },
  };
}

/** A revision that was refused its pods, as it is to be judged now: events that cannot be read now do not count. */
export async function refusalAgain(
  cluster: Cluster,
  { namespace }: WorkloadRef,
  last: Observation,
  now: Pick<Observation, 'carrier' | 'pods'> & { readonly deployment: Deployment; readonly written: Deployment },
): Promise<ReplicaSet | undefined> {
  const { deployment, carrier, pods, written } = now;
  if (!isRefused(last.carrier)) return carrier;
  const events = await cluster.listEvents(namespace, [deployment.metadata.uid]).catch((error: unknown) => {
    if (!(error instanceof ClusterError)) throw error;
    return [];
  });
  const told = { events, own: pods, since: writtenAt(written) };
  return withRefusal(deployment, carrier, lackingPods(deployment, carrier, pods), told);
}

function isForbidden(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.kind === 'forbidden';
}
