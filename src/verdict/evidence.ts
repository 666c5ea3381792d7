/** What was captured of a bad release before anything was undone. All of it foreign text, secrets taken out. */
export interface Evidence {
  /** `Progressing False ProgressDeadlineExceeded: …`, of Deployment and ReplicaSet. */
  readonly conditions: readonly string[];
  /** `4 times Warning BackOff pod/web-x: …`, the newest last. */
  readonly events: readonly string[];
  readonly logs: readonly ContainerLog[];
  /** What could not be captured, and which right is missing. */
  readonly gaps: readonly string[];
}

/** The last lines that a container wrote. */
export interface ContainerLog {
  readonly pod: string;
  readonly container: string;
  /** Whether it is the log of the container's life before the present one. */
  readonly previous: boolean;
  readonly lines: readonly string[];
}
