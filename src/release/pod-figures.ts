/** Pods of one workload at the end. */
export interface PodFigures {
  readonly desired: number;
  readonly updated: number;
  readonly available: number;
  /** Pods of what was there before that are available beside these, where the rollout did not end well; absent for none. */
  readonly oldAvailable?: number;
}
