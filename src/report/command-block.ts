import { type CommandAbout, unblockCommand } from '../gate/gate-commands.ts';
import type { Closed } from '../gate/rule.ts';
import { fence } from './markdown.ts';

/** A command to copy, below what it is for. */
export function commandBlock(purpose: string, command: string): string {
  return `${purpose}\n\n${fence([command], { language: 'sh' })}`;
}

/** The command that unblocks a release by the record that blocks it. */
export function unblockBlock(about: CommandAbout, record: number): string {
  return commandBlock('**To unblock it**, if it is not to blame:', unblockCommand(about, record));
}

/** The command that lifts what closes the gate; empty where that is no record. */
export function liftBlock(about: CommandAbout, { id, block }: Closed): string {
  if (id === undefined) return '';
  return block
    ? unblockBlock(about, id)
    : commandBlock('**To lift the record**, once it is known what it was:', unblockCommand(about, id));
}
