import type { Result, WorkloadResult } from '../result.ts';
import { holding } from './canary.ts';
import { formatSeconds } from './duration.ts';
import { code } from './markdown.ts';
import { wayBack } from './way-back.ts';

/** How a rollout that failed stands where it was paused, and how to go on or back, as Markdown. */
export function afterPause(result: Result, stands: string): string {
  const mix = result.workloads.flatMap(mixOf);
  const now = mix.length > 0 ? `${after(result)}${mix.join('; ')}.` : stands;
  if (holding(result.workloads).length > 0)
    return `${now} The canary grows no further. Run the release again once the cause is gone, or take it back as shown below.`;
  const back = wayBack(result) && ' roll back as shown below, or';
  const onward = `run ${code(result.release) || 'the release'} again, or ${resume(result)}`;
  return `${now} Both releases run until somebody decides: to go on, ${onward};${back} deploy a release that is fixed.`;
}

function mixOf({ workload, runs = [] }: WorkloadResult, _: number, all: readonly WorkloadResult[]): readonly string[] {
  if (runs.length === 0) return [];
  const pods = runs.map(({ release, pods: count, ready }) => `${podCount(count)} ${code(release)} (${ready} ready)`);
  return [`${all.length > 1 ? `${code(workload)}: ` : ''}${pods.join(', ')}`];
}

function podCount(count: number): string {
  return `${count} ${count === 1 ? 'pod runs' : 'pods run'}`;
}

function after({ workloads }: Result): string {
  return `After ${formatSeconds(Math.max(0, ...workloads.map(({ seconds }) => seconds)))}, `;
}

/** The command that lets a paused rollout go on; only names that a shell takes as they are. */
function resume({ workloads }: Result): string {
  const paused = workloads.filter(({ outcome }) => outcome === 'paused');
  const names = [...new Set(paused.map(({ namespace }) => namespace)), ...paused.map(({ workload }) => workload)];
  return names.every((name) => /^[a-z0-9./-]+$/.test(name))
    ? code(`kubectl rollout resume -n ${names.join(' ')}`)
    : '`kubectl rollout resume`';
}
