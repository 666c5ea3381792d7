import type { BlockReport, Result } from '../result.ts';
import { blockTable } from './block-table.ts';
import { blockCommand, unblockCommand } from './gate-commands.ts';
import { commandBlock } from './gate-summary.ts';
import { alert, code, list, text } from './markdown.ts';

/** Why the gate stopped a release, by which record, and the command that lifts it; empty where it did not. */
export function stopSection({ release, scope, gate }: Result): string {
  if (gate.answer !== 'closed') return '';
  const { id, block, why } = gate.closed;
  const cause = block
    ? `**Blocked:** ${text(block.reason) || 'nobody said why'}`
    : `**What cannot be read closes the gate:** ${text(why)}.`;
  return [
    alert('CAUTION', cause),
    block && id !== undefined ? blockTable(id, block, Date.parse(gate.askedAt)) : '',
    id === undefined ? '' : commandBlock(purposeOf(block !== undefined), unblockCommand({ release, scope }, id)),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What the run could not block, and the command that does; empty where nothing is missing. */
export function missingBlocks({ scope, gate }: Result): string {
  return gate.blocks.flatMap((each) => (each.state === 'missing' ? [missingBlock(each, scope)] : [])).join('\n\n');
}

/** What the run blocked, and the command that unblocks; empty where it blocked nothing. */
export function blockSection({ scope, gate }: Result): string {
  return gate.blocks.flatMap(({ id, ...each }) => (id === undefined ? [] : [blocked(each, id, scope)])).join('\n\n');
}

/** What went wrong at the gate beside the rollout itself. */
export function gateWarnings({ gate }: Result): string {
  return gate.warnings.length === 0 ? '' : alert('WARNING', `**At the gate:**\n\n${list(gate.warnings.map(text))}`);
}

function missingBlock({ release, problem }: BlockReport, scope: string): string {
  const cause = `**The block is missing:** ${code(release)} may enter the next environment, since it could not be blocked: ${text(problem)}.`;
  return alert('CAUTION', `${cause}\n\n${commandBlock('Block it now:', blockCommand({ release, scope }))}`);
}

function blocked({ release, state }: Omit<BlockReport, 'id'>, id: number, scope: string): string {
  const since = state === 'stood' ? 'was blocked already' : 'is blocked now';
  const title = `**${code(release)} ${since}** (record ${code(String(id))}): it enters no further environment.`;
  return `${title} ${commandBlock(purposeOf(true), unblockCommand({ release, scope }, id))}`;
}

function purposeOf(blocked: boolean): string {
  return blocked
    ? '**To unblock it**, if it is not to blame:'
    : '**To lift the record**, once it is known what it was:';
}
