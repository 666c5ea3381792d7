import type { Board, BoardRow, ClosingRecord, Running } from '../gate/board.ts';
import { unblockCommand } from '../gate/gate-commands.ts';
import { DEFAULT_SCOPE } from '../gate/task.ts';
import type { Section } from './budget.ts';
import { startedAt } from './command-block.ts';
import { code, list, table, text } from './markdown.ts';
import { formatMoment } from './moment.ts';
import { runLink } from './run-link.ts';

const MOST_ROWS = 50;
const MOST_ENVIRONMENTS = 12;
const MOST_COMMANDS = 10;

/**
 * What runs where and what is blocked, as sections of a summary that the run at `runUrl` writes (empty where there is
 * none); `now` in milliseconds since the epoch.
 */
export function boardSections(board: Board, runUrl: string, now: number): readonly Section[] {
  const heading = `### What runs where${board.scope === DEFAULT_SCOPE ? '' : ` in scope ${code(board.scope)}`}`;
  if (board.rows.length === 0) return [{ name: 'the board', markdown: `${heading}\n\n${NOTHING}` }];
  return [
    { name: 'the board', markdown: [heading, BY_RECORDS, boardTable(board, now)].join('\n\n') },
    { name: 'what the board leaves out', markdown: leftOut(board) },
    { name: 'how to unblock', markdown: commands(board, runUrl) },
  ];
}

/** In one line, why there is no board. Foreign text. */
export function noBoard(why: string): Section {
  return {
    name: 'the board',
    markdown: `What runs where, and what is blocked, is not shown: ${text(why).replace(/\.$/, '')}.`,
  };
}

const NOTHING =
  'Nothing is recorded yet: a step that deploys records where its release runs, once that is complete, if it has the inputs `environment` and `github-token` and `permissions: { deployments: write }`.';

const BY_RECORDS = 'As runs recorded it; what was changed by hand since is not in it.';

function boardTable({ environments, rows }: Board, now: number): string {
  const columns = environments.slice(0, MOST_ENVIRONMENTS);
  const header = ['Release', ...columns.map(code), 'Blocked'];
  const cells = (row: BoardRow) => [
    nameOf(row),
    ...columns.map((environment) =>
      where(
        row.runs.find((each) => each.environment === environment),
        now,
      ),
    ),
    row.closed ? closed(row.closed, now) : '',
  ];
  return table(header, rows.slice(0, MOST_ROWS).map(cells));
}

function where(running: Running | undefined, now: number): string {
  if (!running) return '';
  const { verifiedSince, since, outcome } = running;
  return verifiedSince
    ? `verified since<br>${formatMoment(verifiedSince, now)}`
    : `**not verified** (${text(outcome)})<br>since ${formatMoment(since, now)}`;
}

function closed(record: ClosingRecord, now: number): string {
  if (record.kind === 'unreadable') return `**closed**: record ${record.id} does not count, ${text(record.why)}`;
  const { environment, actor, at, reason, runUrl } = record;
  const said = ['**blocked**', environment && `in ${code(environment)}`, actor && `by a run of ${code(actor)}`];
  const details = [[formatMoment(at, now), runLink(runUrl)].filter(Boolean).join(', '), text(reason)];
  return [said.filter(Boolean).join(' '), ...details].filter(Boolean).join('<br>');
}

function commands({ scope, rows }: Board, runUrl: string): string {
  const blocked = rows.flatMap(({ release, closed: record }) => (record ? [{ release, id: record.id }] : []));
  if (blocked.length === 0) return '';
  const each = blocked.map(
    ({ release, id }) => `${code(release)}: ${code(unblockCommand({ release, scope, runUrl }, id))}`,
  );
  const otherwise = startedAt(runUrl, 'unblock.yml');
  return `To unblock${otherwise && ` (${otherwise})`}:\n\n${list(each, MOST_COMMANDS)}`;
}

function leftOut({ environments, rows, cut }: Board): string {
  const more = [
    [environments.length - MOST_ENVIRONMENTS, 'environments'],
    [rows.length - MOST_ROWS, 'releases'],
  ] as const;
  const hidden = more.filter(([count]) => count > 0).map(([count, things]) => `${count} more ${things}`);
  const sentences = [
    ...(hidden.length > 0 ? [`${hidden.join(' and ')} are left out here; the output \`board\` has them all.`] : []),
    ...(cut ? ['Only the newest records were looked at: what is older is not shown.'] : []),
  ];
  return sentences.join(' ');
}

function nameOf({ release }: BoardRow): string {
  return code(release) || '(not one release)';
}
