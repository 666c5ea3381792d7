import type { WorkloadResult } from '../result.ts';
import type { ContainerLog } from '../verdict/evidence.ts';
import { hasTurnedBack } from './blame.ts';
import { code, details, fence } from './markdown.ts';

const MOST_LINES = 40;

/** What was captured of a workload's bad release, folded; empty where there is nothing. */
export function evidenceDetails(workload: WorkloadResult): string {
  const { conditions = [], events = [], logs = [] } = workload.evidence ?? {};
  const parts = [
    conditions.length > 0 && `**Conditions**\n\n${fence(conditions, { most: MOST_LINES })}`,
    events.length > 0 && `**Events**\n\n${fence(events, { most: MOST_LINES })}`,
    ...logs.map(logBlock),
  ].filter((part) => part !== false);
  if (parts.length === 0) return '';
  const counts = [count(conditions, 'condition'), count(events, 'event'), count(logs, 'log')].filter(Boolean);
  return details(
    `Evidence of ${workload.workload} (${counts.join(', ')})`,
    [...parts, ...fullLog(workload)].join('\n\n'),
  );
}

function logBlock({ pod, container, previous, lines }: ContainerLog): string {
  const title = `**Log** of container ${code(container)} in pod ${code(pod)}${previous ? ', before its restart' : ''}`;
  return lines.length === 0 ? `${title}: it wrote nothing.` : `${title}\n\n${fence(lines, { most: MOST_LINES })}`;
}

/** Where the rest of the log is, as long as the pod is there; only names that a shell takes as they are. */
function fullLog(workload: WorkloadResult): readonly string[] {
  const { namespace, evidence } = workload;
  const log = evidence?.logs.find(({ lines }) => lines.length > 0);
  if (!log || hasTurnedBack(workload)) return [];
  const names = [namespace, log.pod, log.container];
  if (!names.every((name) => /^[a-z0-9.-]+$/.test(name))) return [];
  const command = `kubectl logs -n ${namespace} ${log.pod} -c ${log.container}${log.previous ? ' --previous' : ''}`;
  return [`All of it: ${code(command)}`];
}

function count(of: readonly unknown[], what: string): string {
  return of.length === 0 ? '' : `${of.length} ${what}${of.length === 1 ? '' : 's'}`;
}
