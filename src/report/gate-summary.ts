import type { Closed, Decision, Passage } from '../gate/rule.ts';
import { DEFAULT_SCOPE } from '../gate/task.ts';
import { blockTable } from './block-table.ts';
import { liftBlock } from './command-block.ts';
import { formatSeconds } from './duration.ts';
import { alert, code, paragraphs, text } from './markdown.ts';

/** What the gate was asked. */
export interface Asked extends Passage {
  readonly scope: string;
  /** Of the run that asks; empty where there is none. */
  readonly runUrl: string;
}

/** The summary of gate/: whether the release may enter, why, and what may happen next; `now` in milliseconds since the epoch. */
export function formatGateSummary(asked: Asked, decision: Decision, now: number): string {
  const [release, environment] = [code(asked.release), code(asked.environment)];
  const scope = asked.scope === DEFAULT_SCOPE ? '' : ` (scope ${code(asked.scope)})`;
  if (decision.kind === 'open')
    return `${paragraphs([`### Release ${release} may enter ${environment}${scope}`, `${text(decision.why)}.`])}\n`;
  const stopped = [
    `### Stopped: release ${release} may not enter ${environment}${scope}`,
    alert('CAUTION', cause(asked, decision)),
    decision.block ? blockTable(decision.id, decision.block, now) : '',
    liftBlock(asked, decision),
    next(asked, decision),
  ];
  return `${paragraphs(stopped)}\n`;
}

function cause({ after, soakMs }: Asked, { code: reasonCode, block, why, besides }: Closed): string {
  switch (reasonCode) {
    case 'release-blocked': {
      const where = block?.environment ? ` since it proved bad in ${code(block.environment)}` : '';
      const cause = `**It is blocked${where}.** ${text(block?.reason ?? '')}`.trimEnd();
      return besides ? `${cause}\n\nIt may not be deployed again here either: ${text(besides)}.` : cause;
    }
    case 'gate-unreadable':
      return `**What cannot be read closes the gate:** ${text(why)}.`;
    case 'not-verified':
      return `**${text(why)}.**`;
    case 'not-soaked':
      return `**It has not run verified in ${code(after)} for ${formatSeconds(soakMs / 1000)} yet.** ${text(why)}.`;
  }
}

function next({ release, after, environment, allowRedeploy }: Asked, { code: reasonCode }: Closed): string {
  switch (reasonCode) {
    case 'release-blocked':
    case 'gate-unreadable': {
      const until =
        allowRedeploy && reasonCode === 'release-blocked'
          ? `Until then ${code(release)} may go only where it runs verified and did not prove bad`
          : `Until then ${code(release)} enters no environment`;
      return `${until}; a re-run of this job changes nothing. A fixed release under a new name may enter, and so may a rollback to one that is not blocked.`;
    }
    case 'not-verified':
      return `If ${code(after)} is the right name, deploy it there first, by a step with ${code(`environment: ${after}`)}: that records that it was verified there. Then run this job again for ${code(environment)}.`;
    case 'not-soaked':
      return `Run this job again when it has. Another release or a rollback in ${code(after)} starts the time anew.`;
  }
}
