/** What swarmkit's updater sees of one task that an update made. Times are seconds. */
export interface SwarmTask {
  /** When it reached RUNNING; undefined for one that never did. */
  readonly runningAt?: number;
  /** When it went beyond RUNNING: COMPLETE, FAILED, REJECTED; undefined for one that did not. */
  readonly endedAt?: number;
}

export interface SwarmConfig {
  readonly monitor: number;
  readonly maxFailureRatio: number;
}

/**
 * When swarmkit's updater takes its failure action: a model of `failureTriggersAction` and of the loop after the last slot
 * (moby/swarmkit 3e72cb64, manager/orchestrator/update/updater.go), for an update without delay whose last task reached
 * RUNNING at `lastRunningAt`. Undefined where it completes. As there, shares are numbers of 32 bits.
 */
export function actionAt(
  tasks: readonly SwarmTask[],
  { monitor, maxFailureRatio }: SwarmConfig,
  lastRunningAt: number,
): number | undefined {
  const until = lastRunningAt + monitor;
  const failures = tasks
    .flatMap(({ runningAt, endedAt }) => {
      if (endedAt === undefined || endedAt > until) return [];
      return runningAt === undefined || endedAt - runningAt <= monitor ? [endedAt] : [];
    })
    .sort((a, b) => a - b);
  const isBeyond = (count: number) => Math.fround(count / tasks.length) > Math.fround(maxFailureRatio);
  return failures.find((_, index) => isBeyond(index + 1));
}
