import type { Cost } from './count-run.ts';

/** The same of both tools. */
export interface Sides<T> {
  readonly action: T;
  readonly kubectl: T;
}

/** Runs of one job by one tool: some timed, others counted. */
export interface Measured {
  readonly seconds: readonly number[];
  readonly costs: readonly Cost[];
}

/** Puts together what was measured apart. */
export function measuredSides(seconds: Sides<readonly number[]>, costs: Sides<readonly Cost[]>): Sides<Measured> {
  return {
    action: { seconds: seconds.action, costs: costs.action },
    kubectl: { seconds: seconds.kubectl, costs: costs.kubectl },
  };
}
