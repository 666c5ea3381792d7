import { errorMessage } from '../errors.ts';
import type { Clock, Cluster, Log } from '../ports.ts';
import { isDeletable, type PodInTheWay, wasJustReady } from '../rollout/ordered-ready.ts';
import type { Observed } from './observe.ts';
import { nameOf } from './workload-name.ts';

/** Takes pods out of a rollout's way, each once, as long as it may. */
export interface Removal {
  /** Gives back what it does not take away. */
  leaves(inTheWay: PodInTheWay | undefined): PodInTheWay | undefined;
}

/**
 * Only where that was asked for, and no pod that is well but for its node. One that is only not ready, of a release that
 * may be good, stays where it was ready a moment ago, and where it was made in the place of one that was taken: the next
 * one would be of the same release, and have to start as well. `onChange` is called when that moment is over, and when a
 * pod could not be deleted, after which no further one is tried; `onFailed` with what that call throws.
 */
export function createRemoval(
  { cluster, clock, log }: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  { ref, forced = false, leftFailed = false }: Pick<Observed, 'ref' | 'forced' | 'leftFailed'>,
  signal: AbortSignal,
  { onChange, onFailed }: { readonly onChange: () => void; readonly onFailed: (error: unknown) => void },
): Removal {
  const taken = new Map<string, string>();
  let isRefused = !forced;
  let waits = false;
  const lookLater = () => {
    if (waits) return;
    waits = true;
    const awake = () => {
      waits = false;
      if (!signal.aborted) onChange();
    };
    clock.sleep(PAUSE_MS, signal).then(awake).catch(onFailed);
  };
  return {
    leaves(inTheWay) {
      if (!inTheWay || isRefused || !isDeletable(inTheWay)) return inTheWay;
      const { pod, sign } = inTheWay;
      const { name, uid } = pod.metadata;
      if (taken.get(name) === uid) return undefined;
      const mayGetReady = sign === 'unready' && !leftFailed;
      if (mayGetReady && taken.has(name)) return inTheWay;
      if (mayGetReady && wasJustReady(pod, clock.now())) {
        lookLater();
        return inTheWay;
      }
      taken.set(name, uid);
      log.info(`${nameOf(ref)}: deleting pod ${name} of another release, which is not ready and in the way`);
      const refused = (error: unknown) => {
        log.warn(`${errorMessage(error)}; pod ${name} stays in the way`);
        isRefused = true;
        onChange();
      };
      cluster.deletePod(pod).catch(refused).catch(onFailed);
      return undefined;
    },
  };
}

/** Milliseconds between two looks at a pod that was ready a moment ago. */
const PAUSE_MS = 5_000;
