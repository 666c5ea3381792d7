import type { CommandAbout } from '../gate/gate-commands.ts';
import { closedBy } from '../gate/rule.ts';
import type { Standing } from '../gate/standing.ts';
import { DEFAULT_SCOPE } from '../gate/task.ts';
import { blockTable } from './block-table.ts';
import { liftBlock, rollbackBlock } from './command-block.ts';
import { alert, code, paragraphs, text } from './markdown.ts';

/** What block/ did. */
export interface BlockActionReport extends CommandAbout {
  /** The record that blocks it. */
  readonly id: number;
  readonly changed: boolean;
  /** Why, as it was given now. */
  readonly reason: string;
  readonly standing: Standing;
  /** The environments that run it now; undefined where that could not be read. */
  readonly runsIn: readonly string[] | undefined;
}

/** The summary of block/; `now` in milliseconds since the epoch. */
export function formatBlockSummary(report: BlockActionReport, now: number): string {
  const { release, id, changed, reason, standing } = report;
  const block = standing.kind === 'blocked' ? standing : undefined;
  const parts = [
    `### ${headline(report)}`,
    block ? text(block.block.reason) : alert('WARNING', doubt(id, standing)),
    block ? blockTable(block.id, block.block, now) : '',
    changed ? '' : `Nothing was written, so the reason given now is not kept: ${text(reason)}`,
  ];
  if (standing.kind === 'clear') return `${paragraphs(parts)}\n`;
  const until = `Until then ${code(release)} may go only where it runs verified and did not prove bad.`;
  return `${paragraphs([...parts, whereabouts(report), liftBlock(report, closedBy(release, standing)), until])}\n`;
}

function headline({ release, changed, standing }: BlockActionReport): string {
  const name = `Release ${code(release)}`;
  if (!changed) return `${name} was blocked already`;
  return standing.kind === 'clear' ? `${name} is not blocked` : `${name} is blocked`;
}

function doubt(id: number, standing: Standing): string {
  return standing.kind === 'unreadable'
    ? `The gate is closed to it, but by record ${code(String(standing.id))}, which does not count: ${text(standing.why)}.`
    : `Record ${code(String(id))} blocked it, and somebody lifted that at once.`;
}

/** What is held is not recorded as what runs. */
const CANARY = 'Where a canary of it is held, that keeps its pods until `abort/` takes it back.';

const MOST_COMMANDS = 5;
const ROLL_BACK = 'To roll back to the last good release:';

/** A block undoes nothing. */
function whereabouts({ runsIn, scope, runUrl }: BlockActionReport): string {
  if (!runsIn)
    return 'Which environments run it now could not be read. A block undoes nothing: where it runs, roll back.';
  if (runsIn.length === 0) return `No environment is recorded to run it now. ${CANARY}`;
  const names = runsIn.map(code).join(', ');
  const now = `**Recorded as running in ${names}:** a block undoes nothing. Roll back where it still runs. ${CANARY}`;
  const ways = runsIn.slice(0, MOST_COMMANDS).map((environment) => ({ environment, release: '' }));
  // A repository with several scopes has several workflows to roll back with, or none.
  return scope === DEFAULT_SCOPE ? paragraphs([now, rollbackBlock(ways, runUrl, ROLL_BACK)]) : now;
}
