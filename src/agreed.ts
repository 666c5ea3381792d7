import type { WorkloadResult } from './result.ts';

/** The value that all workloads share, else one for each: `web=3, api=7`. Empty without workloads. */
export function agreed(workloads: readonly WorkloadResult[], value: (each: WorkloadResult) => string): string {
  const [shared = '', ...others] = new Set(workloads.map(value));
  return others.length === 0 ? shared : workloads.map((each) => `${shortName(each)}=${value(each)}`).join(', ');
}

/** `web`, as the inputs name it. */
export function shortName({ workload }: WorkloadResult): string {
  return workload.replace(/^deployment\//, '');
}
