import type { Closed, Decision, Passage } from '../gate/rule.ts';
import { blockTable } from './block-table.ts';
import { formatSeconds } from './duration.ts';
import { unblockCommand } from './gate-commands.ts';
import { alert, code, fence, list, text } from './markdown.ts';

/** What the gate was asked. */
export interface Asked extends Passage {
  readonly scope: string;
}

/** The summary of gate/: whether the release may enter, why, and what may happen next; `now` in milliseconds since the epoch. */
export function formatGateSummary(asked: Asked, decision: Decision, now: number): string {
  const [release, environment] = [code(asked.release), code(asked.environment)];
  const scope = asked.scope === 'default' ? '' : ` (scope ${code(asked.scope)})`;
  if (decision.kind === 'open')
    return sections([`### Release ${release} may enter ${environment}${scope}`, `${text(decision.why)}.`]);
  return sections([
    `### Stopped: release ${release} may not enter ${environment}${scope}`,
    alert('CAUTION', cause(asked, decision)),
    decision.block && decision.id !== undefined ? blockTable(decision.id, decision.block, now) : '',
    command(asked, decision),
    next(asked, decision),
  ]);
}

/** The summary of an action of the gate that could not do its work: `what` is a clause of ours, `problems` are foreign lines. */
export function formatStopped(what: string, problems: readonly string[]): string {
  const [only = '', ...others] = problems.map(text);
  return sections([`### Stopped: ${what}`, alert('CAUTION', others.length === 0 ? only : list([only, ...others]))]);
}

/** Paragraphs with empty lines between them. */
export function sections(paragraphs: readonly string[]): string {
  return `${paragraphs.filter((each) => each !== '').join('\n\n')}\n`;
}

/** A command to copy, below what it is for. */
export function commandBlock(purpose: string, line: string): string {
  return `${purpose}\n\n${fence([line], { language: 'sh' })}`;
}

function cause({ after, soakMs }: Asked, { code: reason, block, why }: Closed): string {
  switch (reason) {
    case 'release-blocked': {
      const where = block?.environment ? ` since it proved bad in ${code(block.environment)}` : '';
      return `**It is blocked${where}.** ${text(block?.reason ?? '')}`.trimEnd();
    }
    case 'gate-unreadable':
      return `**What cannot be read closes the gate:** ${text(why)}.`;
    case 'not-verified':
      return `**It was never verified in ${code(after)}.**`;
    case 'not-soaked':
      return `**It has not run verified in ${code(after)} for ${formatSeconds(soakMs / 1000)} yet.** ${text(why)}.`;
  }
}

function command({ release, scope }: Asked, { code: reason, id }: Closed): string {
  if (id === undefined) return '';
  const purpose =
    reason === 'release-blocked'
      ? '**To unblock it**, if it is not to blame:'
      : '**To lift the record**, once it is known what it was:';
  return commandBlock(purpose, unblockCommand({ release, scope }, id));
}

function next({ release, after, environment, allowRedeploy }: Asked, { code: reason }: Closed): string {
  switch (reason) {
    case 'release-blocked':
    case 'gate-unreadable': {
      const until =
        allowRedeploy && reason === 'release-blocked'
          ? `Until then ${code(release)} may go only where it runs verified already`
          : `Until then ${code(release)} enters no environment`;
      return `${until}; a re-run of this job changes nothing. A fixed release under a new name may enter, and so may a rollback to one that is not blocked.`;
    }
    case 'not-verified':
      return `Deploy it to ${code(after)} first, by a step with ${code(`environment: ${after}`)}: that records that it was verified there. Then run this job again for ${code(environment)}.`;
    case 'not-soaked':
      return `Run this job again when it has. Another release or a rollback in ${code(after)} starts the time anew.`;
  }
}
