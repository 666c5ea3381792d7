import type { Standing } from '../gate/standing.ts';
import { blockTable } from './block-table.ts';
import { type CommandAbout, unblockCommand } from './gate-commands.ts';
import { commandBlock, sections } from './gate-summary.ts';
import { alert, code, text } from './markdown.ts';

/** What block/ did. */
export interface BlockReport extends CommandAbout {
  /** The record that blocks it. */
  readonly id: number;
  readonly changed: boolean;
  readonly standing: Standing;
  /** The environments that run it now; undefined where that could not be read. */
  readonly runsIn: readonly string[] | undefined;
}

/** The summary of block/; `now` in milliseconds since the epoch. */
export function formatBlockSummary(report: BlockReport, now: number): string {
  const { release, id, standing } = report;
  const block = standing.kind === 'blocked' ? standing : undefined;
  return sections([
    `### ${headline(report)}`,
    block ? text(block.block.reason) : alert('WARNING', doubt(id, standing)),
    block ? blockTable(block.id, block.block, now) : '',
    standing.kind === 'clear' ? '' : whereabouts(report),
    standing.kind === 'clear'
      ? ''
      : commandBlock('**To unblock it**, if it is not to blame:', unblockCommand(report, standing.id)),
    standing.kind === 'clear' ? '' : `Until then ${code(release)} may go only where it runs verified already.`,
  ]);
}

function headline({ release, changed, standing }: BlockReport): string {
  const name = `Release ${code(release)}`;
  if (!changed) return `${name} was blocked already`;
  return standing.kind === 'clear' ? `${name} is not blocked` : `${name} is blocked`;
}

function doubt(id: number, standing: Standing): string {
  return standing.kind === 'unreadable'
    ? `The gate is closed to it, but by record ${code(String(standing.id))}, which does not count: ${text(standing.why)}.`
    : `Record ${code(String(id))} blocked it, and somebody lifted that at once.`;
}

/** A block undoes nothing. */
function whereabouts({ runsIn }: BlockReport): string {
  if (!runsIn) return 'Which environments run it now could not be read. They go on with it: to leave it, roll back.';
  if (runsIn.length === 0) return 'No environment is known to run it now.';
  const names = runsIn.map(code).join(', ');
  return `**Runs in ${names} now, and goes on to:** a block undoes nothing. To leave it there, roll back.`;
}
