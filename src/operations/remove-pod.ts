import { errorMessage } from '../errors.ts';
import type { Clock, Cluster, Log } from '../ports.ts';
import { type PodInTheWay, wasJustReady } from '../rollout/ordered-ready.ts';
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
 * one would be of the same release, and have to start as well. `onRefused` is called when a pod could not be
 * deleted, and no further one is tried; `onFailed` with what that call throws.
 */
export function createRemoval(
  { cluster, clock, log }: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  { ref, forced = false, leftFailed = false }: Pick<Observed, 'ref' | 'forced' | 'leftFailed'>,
  { onRefused, onFailed }: { readonly onRefused: () => void; readonly onFailed: (error: unknown) => void },
): Removal {
  const taken = new Map<string, string>();
  let isRefused = !forced;
  return {
    leaves(inTheWay) {
      if (!inTheWay || isRefused || inTheWay.sign === 'lost') return inTheWay;
      const { pod, sign } = inTheWay;
      const { name, uid } = pod.metadata;
      if (taken.get(name) === uid) return undefined;
      const mayGetReady = taken.has(name) || wasJustReady(pod, clock.now());
      if (sign === 'unready' && !leftFailed && mayGetReady) return inTheWay;
      taken.set(name, uid);
      log.info(`${nameOf(ref)}: deleting pod ${name} of another release, which is not ready and in the way`);
      const refused = (error: unknown) => {
        log.warn(`${errorMessage(error)}; pod ${name} stays in the way`);
        isRefused = true;
        onRefused();
      };
      cluster.deletePod(pod).catch(refused).catch(onFailed);
      return undefined;
    },
  };
}
