import { ClusterError } from '../errors.ts';
import type { Cluster, WorkloadRef } from '../ports.ts';
import { writersBetween } from '../rollout/last-writer.ts';
import type { Deployment } from '../rollout/objects.ts';
import type { PatchOperation } from '../rollout/patch.ts';

export type Written =
  | { readonly kind: 'written'; readonly deployment: Deployment }
  /** Somebody else changed the Deployment after it was read; nothing was written. */
  | { readonly kind: 'outrun'; readonly by: string };

/**
 * Sends a patch that tests uid and generation, and tells a Deployment that somebody changed from one that the API server
 * will not have so. `hasLanded` says whether what it shows is what was to be written. Throws ClusterError.
 */
export async function writeGuarded(
  cluster: Cluster,
  { ref, deployment }: { readonly ref: WorkloadRef; readonly deployment: Deployment },
  patch: readonly PatchOperation[],
  hasLanded: (now: Deployment) => boolean,
  options: { readonly dryRun: boolean },
): Promise<Written> {
  try {
    return { kind: 'written', deployment: await cluster.patchWorkload(ref, patch, options) };
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected'))) throw error;
    const { uid, generation } = deployment.metadata;
    const now = await cluster.getWorkload(ref);
    // The API server answers a failed `test` as it answers an invalid object: only the object tells which it was.
    if (now.metadata.uid === uid && now.metadata.generation === generation) throw error;
    // A patch that was sent again because its answer was lost fails the test of the generation that it moved itself.
    if (!options.dryRun && hasLanded(now)) return { kind: 'written', deployment: now };
    return { kind: 'outrun', by: writersBetween(deployment, now) ?? 'somebody else' };
  }
}
