import type { Deployment, Pod } from '../rollout/objects.ts';
import { writtenAt } from '../rollout/refused-pods.ts';

/** Milliseconds: clocks are off by minutes. */
const LONG_MS = 3_600_000;

/**
 * When a rollout began, in milliseconds since the epoch by the API server's clock, which also tells when pods were made:
 * with its write. Where nothing was written, the last write may be weeks old, and its pods are hardly younger: then what
 * was made long before it is watched is older than it. What a run left that was cut off is not.
 */
export function rolloutBegan(written: Deployment, watchedFrom: number): number {
  const at = writtenAt(written);
  const longBefore = watchedFrom - LONG_MS;
  return Number.isFinite(at) ? Math.max(at, longBefore) : longBefore;
}

/** Whether a pod was there before the rollout began; not where nobody knows. */
export function isOlder({ metadata }: Pod, began: number | undefined): boolean {
  return began !== undefined && Date.parse(metadata.creationTimestamp ?? '') < began;
}
