import { plainLine } from '../foreign/plain-text.ts';
import { passes } from '../outcome.ts';
import type { Moment, WorkloadResult } from '../result.ts';
import { causeOf } from './blame.ts';

const MOST_WORKLOADS = 10;
const MOST_MOMENTS = 12;
const LONGEST_LABEL = 60;
/** Below it Mermaid puts ticks within a second, which the axis cannot tell apart. */
const FEW_SECONDS = 10;
/** What is over in no time must be seen all the same. */
const SHORTEST_SHARE = 0.015;

/** What is said of a workload that no cause of its own failed by. */
const FAILURES: Readonly<Record<string, string>> = {
  'check-failed': 'its checks failed',
  'train-failed': 'another workload of the train failed',
};

/** When each moment of the rollout began and how long it lasted, as a Mermaid gantt chart; empty without moments. */
export function timeline(workloads: readonly WorkloadResult[]): string {
  const shown = workloads.filter((workload) => workload.timeline.length > 0).slice(0, MOST_WORKLOADS);
  if (shown.length === 0) {
    return '';
  }
  const names = shown.map(({ workload }) => label(workload).length);
  const longest = Math.max(...shown.map(({ seconds }) => seconds));
  const leftPadding = 40 + 7 * Math.max(...names);
  // %s counts seconds since the epoch, so the axis does not depend on the reader's time zone.
  const head = [
    '```mermaid',
    `%%{init: {"gantt": {"leftPadding": ${leftPadding}}}}%%`,
    'gantt',
    '    dateFormat x',
    '    axisFormat %s s',
    ...(longest < FEW_SECONDS ? ['    tickInterval 1second'] : []),
  ];
  return [...head, ...shown.flatMap(section), '```'].join('\n');
}

function section(workload: WorkloadResult): readonly string[] {
  const { timeline: all, rollback, seconds } = workload;
  const turn = rollback ? all.findIndex(({ text }) => text.startsWith('rolling back')) : -1;
  const [there, back] = turn < 0 ? [all, []] : [all.slice(0, turn), all.slice(turn)];
  const failure = back
    .slice(0, 1)
    .map(({ at }) => ({ at, text: causeOf(workload) || FAILURES[workload.reasonCode] || 'failed' }));
  const moments = [...selectMoments(there), ...failure, ...selectMoments(back)];
  const shortest = SHORTEST_SHARE * Math.max(1, seconds);
  const bars = moments.map((moment, index) => {
    const next = moments[index + 1];
    const end = Math.max(next?.at ?? seconds, moment.at + shortest);
    const tag = moment === failure[0] ? 'crit' : next ? 'done' : lastTag(workload);
    return `    ${label(`${Math.round(moment.at)}s ${moment.text}`)} :${tag}, ${milliseconds(moment.at)}, ${milliseconds(end)}`;
  });
  return [`    section ${label(workload.workload)}`, ...bars];
}

/** The first moments and the last ones: how it began, and how it ended. */
function selectMoments(moments: readonly Moment[]): readonly Moment[] {
  const half = MOST_MOMENTS / 2;
  return moments.length > MOST_MOMENTS ? [...moments.slice(0, half), ...moments.slice(-half)] : moments;
}

function lastTag(workload: WorkloadResult): string {
  return passes(workload, true) ? 'active' : 'crit';
}

/** Never empty, and only characters that mean nothing to Mermaid; a colon, which ends a label, becomes one that only looks like it. */
function label(text: string): string {
  const harmless = plainLine(text)
    .replaceAll(':', '\u{2236}')
    .replaceAll(/[^\p{L}\p{N} ./,()+=@\u{2236}…-]/gu, ' ')
    .replaceAll(/-{2,}/g, '-');
  return plainLine(harmless, LONGEST_LABEL) || '…';
}

function milliseconds(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000));
}
