import { blockCommand, type CommandThere } from '../gate/gate-commands.ts';

/** What somebody reads who has to make up for a block that is missing. Foreign text is in it. */
export function missingBlockLine(about: CommandThere, problem: string): string {
  const command = blockCommand(about);
  return `${about.release} could not be blocked, so it may enter the next environment: ${problem}; to block it: ${command}`;
}
