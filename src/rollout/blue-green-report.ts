/** One of the two Deployments behind a Service. */
export interface ColourReport {
  /** `deployment/web-green` */
  readonly workload: string;
  /** Empty where what it has has no name beyond doubt; `label` then shows its images. */
  readonly release: string;
  readonly label: string;
  /** What it had when the run began, where that is something else. */
  readonly before?: string;
  /** How many it wants. */
  readonly pods: number;
}

/** How a Service and its two Deployments stand at the end of a run. */
export interface BlueGreenReport {
  readonly service: string;
  /** Names of the Deployments, as the input has them. */
  readonly blue: string;
  readonly green: string;
  /** The colour that the Service selects, and the one that it does not. */
  readonly live: ColourReport;
  readonly idle: ColourReport;
  /** What this run did to the Service; `back`: it was switched, and switched back. */
  readonly switched: 'yes' | 'no' | 'back' | 'unknown';
  /** A clause for people: what a rollback to the idle colour's release takes. */
  readonly remark: string;
}
