import { type CommandAbout, unblockCommand } from '../gate/gate-commands.ts';
import type { Closed } from '../gate/rule.ts';
import { blockTable } from './block-table.ts';
import { commandBlock } from './command-block.ts';
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
        readonly reason: string;
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
      return [`### Release ${release} is not blocked`, 'Nothing was written.'];
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
          `### Release ${release} is unblocked`,
          said,
          'Jobs that the gate stopped may be run again. Nothing is deployed by itself.',
        ];
      const counts = report.closed.id !== report.id;
      const cause = counts ? 'Something else closes the gate' : 'This unblock does not count, and lifts nothing';
      return [
        `### Stopped: release ${release} is blocked still`,
        alert('CAUTION', `**${cause}:** ${text(report.closed.why)}`),
        ...stillClosed(report, report.closed, now),
        counts ? said : '',
      ];
    }
  }
}

function stillClosed(about: CommandAbout, { id, block }: Closed, now: number): readonly string[] {
  if (id === undefined) return [];
  return [
    block ? blockTable(id, block, now) : '',
    commandBlock('**To lift that one**, if the release is not to blame for it either:', unblockCommand(about, id)),
  ];
}
