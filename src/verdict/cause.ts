/** What a release failed by; a closed list that scripts may match on. */
export type CauseCode =
  | 'image-invalid'
  | 'image-not-found'
  | 'image-not-pulled'
  | 'config-missing'
  | 'container-not-created'
  | 'container-not-started'
  | 'container-crashed'
  | 'pod-evicted'
  | 'out-of-memory'
  | 'quota-exceeded'
  | 'admission-denied'
  | 'pods-not-created'
  | 'volume-not-mounted'
  | 'unschedulable'
  | 'not-ready';

/** Why a rollout does not get on, as far as its objects tell. */
export interface Cause {
  readonly code: CauseCode;
  /** A clause without the workload's name: `container app exits 3, 4 restarts`. Holds foreign text. */
  readonly message: string;
  /** Names of the pods that fail so; empty where none could be made. */
  readonly pods: readonly string[];
  /** The failing container; empty where it is none's fault. */
  readonly container: string;
  /** The node that all failing pods are on while the release is ready on others; empty without such a suspicion. */
  readonly suspectNode: string;
  /** Where no rule acted on it before the time was over: for how long it was waited for, `not complete after 600 s`. */
  readonly deadline?: string;
}
