/** Pods of one workload at the end. */
export interface PodFigures {
  readonly desired: number;
  readonly updated: number;
  readonly available: number;
  /** Pods of what was there before that are available beside these, where the rollout did not end well; absent for none. */
  readonly oldAvailable?: number;
  /** Set where the API server kept us from seeing them at the end: the figures are those from before. */
  readonly unseen?: true;
}
