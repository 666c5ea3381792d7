import {
  blockCommand,
  type CommandAbout,
  type CommandFile,
  type CommandThere,
  commandPage,
  rollbackCommand,
  unblockCommand,
  type WayBack,
} from '../gate/gate-commands.ts';
import type { Closed } from '../gate/rule.ts';
import { fence, paragraphs } from './markdown.ts';

/** The command that unblocks a release by the record that closes the gate, below what it is for. */
export function unblockBlock(about: CommandAbout, record: number, purpose = UNBLOCK): string {
  return commandBlock(purpose, [unblockCommand(about, record)], startedAt(about.runUrl, 'unblock.yml'));
}

/** The command that blocks a release, below what it is for. */
export function blockBlock(about: CommandThere, purpose: string): string {
  return commandBlock(purpose, [blockCommand(about)], startedAt(about.runUrl, 'block.yml'));
}

/** A command for each way back, below what they are for. */
export function rollbackBlock(ways: readonly WayBack[], runUrl: string, purpose: string): string {
  const commands = ways.map((way) => rollbackCommand(way, runUrl));
  return commandBlock(purpose, commands, startedAt(runUrl, 'rollback.yml'));
}

/** The command that lifts what closes the gate; empty where that is no record. */
export function liftBlock(about: CommandAbout, { id, block }: Closed): string {
  if (id === undefined) return '';
  return unblockBlock(about, id, block ? UNBLOCK : '**To lift the record**, once it is known what it was:');
}

const UNBLOCK = '**To unblock it**, if it is not to blame:';

/** How to do without `gh`, a clause with a link to the workflow's page; empty where that is not known. */
export function startedAt(runUrl: string, file: CommandFile): string {
  const page = commandPage(runUrl, file);
  return page && `without \`gh\`: start [${file}](${page}) with the same values`;
}

function commandBlock(purpose: string, commands: readonly string[], otherwise: string): string {
  return paragraphs([purpose, fence(commands, { language: 'sh' }), otherwise && `Or ${otherwise}.`]);
}
