import { formatImages } from '../rollout/template.ts';
import { fitSections, type Section } from './budget.ts';
import { formatAge } from './duration.ts';
import type { HistoryRow } from './history-row.ts';
import { code, table, text } from './markdown.ts';

const MOST_ROWS = 200;
const HEADER = ['Release', 'Revision', 'Images', 'Age', 'Verdict', 'Restorable', 'Note'];
const WAYS = { 'replica-set': 'yes', 'ledger-snapshot': 'yes, from the ledger', '': 'no' } as const;

/**
 * The releases of each workload in the order given, and the sections of the board after them, as Markdown; `now` in
 * milliseconds since the epoch.
 */
export function formatHistory(rows: readonly HistoryRow[], now: number, board: readonly Section[] = []): string {
  const groups = Object.entries(Object.groupBy(rows, ({ workload }) => workload));
  const releases = groups.map(([workload, group = []]) => ({
    name: `the history of ${code(workload)}`,
    markdown: `### ${headline(workload, group)}\n\n${releasesTable(group, now)}`,
  }));
  const none = { name: 'the history', markdown: '### No releases are known here' };
  return fitSections([...(releases.length > 0 ? releases : [none]), ...board]);
}

function headline(workload: string, rows: readonly HistoryRow[]): string {
  const live = rows.find((row) => row.live);
  const lastGood = rows.find((row) => row.lastGood);
  const canary = rows.find((row) => row.canary);
  const serving = live ? `release ${nameOf(live)} is live` : 'nothing is live';
  const good = lastGood && lastGood !== live ? `, ${nameOf(lastGood)} is the last good one` : '';
  if (canary && live)
    return `${code(workload)}: a canary of ${nameOf(canary)} is held, ${pods(canary)} beside ${pods(live)} of ${nameOf(live)}${good}`;
  return `${code(workload)}: ${serving}${lastGood && lastGood === live ? ' and the last good one' : good}`;
}

function releasesTable(rows: readonly HistoryRow[], now: number): string {
  const left = rows.length - MOST_ROWS;
  const shown = table(
    HEADER,
    rows.slice(0, MOST_ROWS).map((row) => cells(row, now)),
  );
  return left > 0 ? `${shown}\n\n${left} more are left out here; the output has them all.` : shown;
}

function cells(row: HistoryRow, now: number): readonly string[] {
  const marks = [row.canary && '**canary**', row.live && '**live**', row.lastGood && 'last good']
    .filter(Boolean)
    .join(', ');
  return [
    [nameOf(row), marks].filter(Boolean).join('<br>'),
    code(row.revision),
    code(formatImages(row.images)),
    formatAge(row.createdAt, now),
    row.verdict === 'failed' ? '**failed**' : row.verdict || 'none',
    row.live || row.canary ? '' : WAYS[row.restorable],
    text(row.note),
  ];
}

function pods({ pods: ready }: HistoryRow): string {
  return ready === 1 ? '1 ready pod' : `${ready} ready pods`;
}

function nameOf({ release }: HistoryRow): string {
  return code(release) || '(no name)';
}
