import type { CommandAbout } from '../gate/gate-commands.ts';
import type { Closed } from '../gate/rule.ts';
import { blockTable } from './block-table.ts';
import { unblockBlock } from './command-block.ts';
import { alert, code, paragraphs, text } from './markdown.ts';

/** What unblock/ did. */
export type UnblockActionReport = CommandAbout &
  (
    | { readonly kind: 'not-blocked' }
    /** `closed` says which record closes the gate, and not the one that was named. */
    | { readonly kind: 'refused'; readonly named: number; readonly closed: Closed }
    | {
        readonly kind: 'written';
        /** The record that lifts. */
        readonly id: number;
        readonly lifted: number;
        /** Whether nobody knows of that one but whoever named it. */
        readonly presumed: boolean;
        readonly reason: string;
        /** Where the lifted record says that the release proved bad; empty where it says nothing. */
        readonly environment: string;
        /** What closes the gate still. */
        readonly closed: Closed | undefined;
      }
  );

/** The summary of unblock/; `now` in milliseconds since the epoch. */
export function formatUnblockSummary(report: UnblockActionReport, now: number): string {
  return `${paragraphs(partsOf(report, now))}\n`;
}

function partsOf(report: UnblockActionReport, now: number): readonly string[] {
  const release = code(report.release);
  switch (report.kind) {
    case 'not-blocked':
      return [
        `### Release ${release} is not blocked in scope ${code(report.scope)}`,
        'Nothing was written. Names are compared exactly, and each scope has blocks of its own: `history/` shows what is blocked.',
      ];
    case 'refused':
      return [
        `### Stopped: release ${release} stays blocked`,
        alert('CAUTION', `**Record ${report.named} is not what closes the gate:** ${text(report.closed.why)}`),
        ...stillClosed(report, report.closed, now),
        'Nothing was written.',
      ];
    case 'written': {
      const said = `Record ${code(String(report.id))} lifts record ${code(String(report.lifted))}: ${text(report.reason)}`;
      if (!report.closed)
        return [
          report.presumed ? `### Record ${report.lifted} is not there` : `### Release ${release} is unblocked`,
          report.presumed ? `If it blocked ${release}, it no longer does. ${said}` : said,
          `Jobs that the gate stopped may be run again. Nothing is deployed by itself. ${furtherGate(report)}`,
        ];
      const counts = report.closed.id !== report.id;
      const cause = counts ? 'Something else closes the gate' : 'This unblock does not count, and lifts nothing';
      return [
        `### Stopped: release ${release} is still blocked`,
        alert('CAUTION', `**${cause}:** ${text(report.closed.why)}`),
        ...stillClosed(report, report.closed, now),
        counts ? said : '',
      ];
    }
  }
}

/** That nothing blocks the release is not all that a gate asks for. */
function furtherGate({ environment }: { readonly environment: string }): string {
  const gate = code(environment === '' ? 'after' : `after: ${environment}`);
  const there = environment === '' ? 'there' : `in ${code(environment)}`;
  return `Where a gate has ${gate}, it also asks whether it was ever verified ${there}: if it was not, deploy it there first.`;
}

function stillClosed(about: CommandAbout, { id, block }: Closed, now: number): readonly string[] {
  if (id === undefined) return [];
  return [
    block ? blockTable(id, block, now) : '',
    unblockBlock(about, id, '**To lift that one**, if the release is not to blame for it either:'),
  ];
}
