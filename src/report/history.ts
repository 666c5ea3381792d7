import { formatImages } from '../rollout/template.ts';
import { fitSections, type Section } from './budget.ts';
import { formatAge } from './duration.ts';
import type { HistoryRow } from './history-row.ts';
import { code, table, text } from './markdown.ts';
import { MARKDOWN, PLAIN, type Show } from './show.ts';

const MOST_ROWS = 200;
const HEADER = ['Release', 'Revision', 'Images', 'Age', 'Verdict', 'Restorable', 'Note'];
const NAMELESS = '(no name)';
const WAYS = { 'replica-set': 'yes', 'ledger-snapshot': 'yes, from the ledger', '': 'no' } as const;

/** In one line of text each, which release of a workload is live, and which was last good. Foreign text. */
export function historyLines(rows: readonly HistoryRow[]): readonly string[] {
  return byWorkload(rows).map(([workload, group = []]) => headline(workload, group, PLAIN));
}

/**
 * The releases of each workload in the order given, and the sections of the board after them, as Markdown; `blocked` are
 * the releases that the gate is closed to, as far as that is known; `now` in milliseconds since the epoch.
 */
export function formatHistory(
  rows: readonly HistoryRow[],
  now: number,
  board: readonly Section[] = [],
  blocked: readonly string[] = [],
): string {
  const releases = byWorkload(rows).map(([workload, group = []]) => ({
    name: `the history of ${code(workload)}`,
    markdown: `### ${headline(workload, group, MARKDOWN)}\n\n${releasesTable(group, blocked, now)}`,
  }));
  const none = { name: 'the history', markdown: '### No releases are known here' };
  return fitSections([...(releases.length > 0 ? releases : [none]), ...board]);
}

function byWorkload(rows: readonly HistoryRow[]) {
  return Object.entries(Object.groupBy(rows, ({ workload }) => workload));
}

function headline(workload: string, rows: readonly HistoryRow[], show: Show): string {
  const named = ({ release }: HistoryRow) => show.name(release) || NAMELESS;
  const live = rows.find((row) => row.live);
  const lastGood = rows.find((row) => row.lastGood);
  const canary = rows.find((row) => row.canary);
  const serving = live ? `release ${named(live)} is live` : 'nothing is live';
  const good = lastGood && lastGood !== live ? `, ${named(lastGood)} is the last good one` : '';
  if (canary && live)
    return `${show.name(workload)}: a canary of ${named(canary)} is held, ${pods(canary)} beside ${pods(live)} of ${named(live)}${good}`;
  return `${show.name(workload)}: ${serving}${lastGood && lastGood === live ? ' and the last good one' : good}`;
}

function releasesTable(rows: readonly HistoryRow[], blocked: readonly string[], now: number): string {
  const left = rows.length - MOST_ROWS;
  const shown = table(
    HEADER,
    rows.slice(0, MOST_ROWS).map((row) => cells(row, blocked.includes(row.release), now)),
  );
  return left > 0 ? `${shown}\n\n${left} more are left out here; the output has them all.` : shown;
}

function cells(row: HistoryRow, blocked: boolean, now: number): readonly string[] {
  const marks = [row.canary && '**canary**', row.live && '**live**', row.lastGood && 'last good']
    .filter(Boolean)
    .join(', ');
  return [
    [code(row.release) || NAMELESS, marks].filter(Boolean).join('<br>'),
    code(row.revision),
    code(formatImages(row.images)),
    formatAge(row.createdAt, now),
    [row.verdict === 'failed' ? '**failed**' : row.verdict || 'none', blocked && '**blocked**']
      .filter(Boolean)
      .join(', '),
    row.live || row.canary ? '' : WAYS[row.restorable],
    text(row.note),
  ];
}

function pods({ pods: ready }: HistoryRow): string {
  return ready === 1 ? '1 ready pod' : `${ready} ready pods`;
}
