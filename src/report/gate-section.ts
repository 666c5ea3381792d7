import type { CommandThere } from '../gate/gate-commands.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import type { Result } from '../result.ts';
import { blockTable } from './block-table.ts';
import { blockBlock, liftBlock, unblockBlock } from './command-block.ts';
import { alert, code, list, paragraphs, text } from './markdown.ts';

/** Why the gate stopped a release, by which record, and the command that lifts it; empty where it did not. */
export function stopSection({ release, scope, runUrl, gate }: Result): string {
  if (gate.answer !== 'closed') return '';
  const { closed, askedAt } = gate;
  const cause = closed.block
    ? `**Blocked:** ${text(closed.block.reason) || 'nobody said why'}`
    : `**What cannot be read closes the gate:** ${text(closed.why)}.`;
  return paragraphs([
    alert('CAUTION', cause),
    closed.block ? blockTable(closed.id, closed.block, Date.parse(askedAt)) : '',
    liftBlock({ release, scope, runUrl }, closed),
  ]);
}

/** What the run could not block, and the command that does; empty where nothing is missing. */
export function missingBlocks(result: Result): string {
  const { outcome, gate } = result;
  const missing = gate.blocks.flatMap((each) => (each.state === 'missing' ? [missingBlock(result, each)] : []));
  // An abort promises a block; whoever gives any other run no token wants none.
  const unblocked = outcome === 'aborted' ? (gate.unblocked ?? []) : [];
  return paragraphs([...missing, ...unblocked.map((release) => unblockedText(result, release))]);
}

/** What the run blocked, and the command that unblocks; empty where it blocked nothing. */
export function blockSection(result: Result): string {
  return paragraphs(result.gate.blocks.flatMap((each) => (each.state === 'missing' ? [] : [blocked(result, each)])));
}

/** What went wrong at the gate beside the rollout itself. */
export function gateWarnings({ gate }: Result): string {
  return gate.warnings.length === 0 ? '' : alert('WARNING', `**At the gate:**\n\n${list(gate.warnings.map(text))}`);
}

type There = Omit<CommandThere, 'release'>;

function missingBlock(there: There, { release, problem }: BlockReport): string {
  const cause = `**The block is missing:** ${code(release)} may enter the next environment, since it could not be blocked: ${text(problem)}.`;
  return alert('CAUTION', `${cause}\n\n${blockBlock({ ...there, release }, 'Block it now:')}`);
}

function unblockedText(there: There, release: string): string {
  const stands = `**${code(release)} is not blocked**, since there is no ${code('github-token')}: it may enter the next environment.`;
  return blockBlock({ ...there, release }, `${stands} To block it:`);
}

function blocked(there: There, { release, state, id }: Exclude<BlockReport, { state: 'missing' }>): string {
  const since = state === 'stood' ? 'was blocked already' : 'is blocked now';
  const title = `**${code(release)} ${since}** (record ${code(String(id))}): it enters no further environment.`;
  return `${title} ${unblockBlock({ ...there, release }, id)}`;
}
