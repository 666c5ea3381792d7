import { blockCommand } from '../gate/gate-commands.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import type { Result } from '../result.ts';
import { blockTable } from './block-table.ts';
import { commandBlock, liftBlock, unblockBlock } from './command-block.ts';
import { alert, code, list, paragraphs, text } from './markdown.ts';

/** Why the gate stopped a release, by which record, and the command that lifts it; empty where it did not. */
export function stopSection({ release, scope, gate }: Result): string {
  if (gate.answer !== 'closed') return '';
  const { closed, askedAt } = gate;
  const cause = closed.block
    ? `**Blocked:** ${text(closed.block.reason) || 'nobody said why'}`
    : `**What cannot be read closes the gate:** ${text(closed.why)}.`;
  return paragraphs([
    alert('CAUTION', cause),
    closed.block ? blockTable(closed.id, closed.block, Date.parse(askedAt)) : '',
    liftBlock({ release, scope }, closed),
  ]);
}

/** What the run could not block, and the command that does; empty where nothing is missing. */
export function missingBlocks({ outcome, scope, gate }: Result): string {
  const missing = gate.blocks.flatMap((each) => (each.state === 'missing' ? [missingBlock(each, scope)] : []));
  // An abort promises a block; whoever gives any other run no token wants none.
  const unblocked = outcome === 'aborted' ? (gate.unblocked ?? []) : [];
  return paragraphs([...missing, ...unblocked.map((release) => unblockedText(release, scope))]);
}

/** What the run blocked, and the command that unblocks; empty where it blocked nothing. */
export function blockSection({ scope, gate }: Result): string {
  return paragraphs(gate.blocks.flatMap((each) => (each.state === 'missing' ? [] : [blocked(each, scope)])));
}

/** What went wrong at the gate beside the rollout itself. */
export function gateWarnings({ gate }: Result): string {
  return gate.warnings.length === 0 ? '' : alert('WARNING', `**At the gate:**\n\n${list(gate.warnings.map(text))}`);
}

function missingBlock({ release, problem }: BlockReport, scope: string): string {
  const cause = `**The block is missing:** ${code(release)} may enter the next environment, since it could not be blocked: ${text(problem)}.`;
  return alert('CAUTION', `${cause}\n\n${commandBlock('Block it now:', blockCommand({ release, scope }))}`);
}

function unblockedText(release: string, scope: string): string {
  const stands = `**${code(release)} is not blocked**, since there is no ${code('github-token')}: it may enter the next environment.`;
  return commandBlock(`${stands} To block it:`, blockCommand({ release, scope }));
}

function blocked({ release, state, id }: Exclude<BlockReport, { state: 'missing' }>, scope: string): string {
  const since = state === 'stood' ? 'was blocked already' : 'is blocked now';
  const title = `**${code(release)} ${since}** (record ${code(String(id))}): it enters no further environment.`;
  return `${title} ${unblockBlock({ release, scope }, id)}`;
}
