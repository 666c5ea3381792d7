/** How soon a signal counts: `off` waits for the deadline, `strict` acts on the first certain one. */
export type FailFast = 'off' | 'balanced' | 'strict';

/** When a release counts as failed; the words of the Compose specification's `update_config`. */
export interface Policy {
  readonly failFast: FailFast;
  /** Share of the desired pods that may fail: more than it fails the release (Swarm: strictly greater). */
  readonly maxFailureRatio: number;
  /** Milliseconds for which each pod is watched after it first was ready (Swarm's `monitor`). */
  readonly monitorMs: number;
  /** Whether it was seen well before this look at it: pods that find no place then are no fault of the release. */
  readonly wasWell?: boolean;
}
