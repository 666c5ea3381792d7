import { errorMessage } from '../errors.ts';
import type { Cluster, Log } from '../ports.ts';
import type { PodInTheWay } from '../rollout/ordered-ready.ts';
import type { Observed } from './observe.ts';
import { nameOf } from './workload-name.ts';

/** Takes pods out of a rollout's way, each once, as long as it may. */
export interface Removal {
  /** Gives back what it does not take away. */
  leaves(inTheWay: PodInTheWay | undefined): PodInTheWay | undefined;
}

/**
 * Only where that was asked for, and no pod that is well but for its node. `onRefused` is called when a pod could not be
 * deleted, and no further one is tried; `onFailed` with what that call throws.
 */
export function createRemoval(
  { cluster, log }: { readonly cluster: Cluster; readonly log: Log },
  { ref, forced = false }: Pick<Observed, 'ref' | 'forced'>,
  { onRefused, onFailed }: { readonly onRefused: () => void; readonly onFailed: (error: unknown) => void },
): Removal {
  const taken = new Set<string>();
  let isRefused = !forced;
  return {
    leaves(inTheWay) {
      if (!inTheWay || isRefused || inTheWay.sign === 'lost') return inTheWay;
      const { pod } = inTheWay;
      const { name, uid } = pod.metadata;
      if (taken.has(uid)) return undefined;
      taken.add(uid);
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
