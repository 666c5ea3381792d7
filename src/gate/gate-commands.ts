import { type Closed, whyWithRun } from './rule.ts';
import { DEFAULT_SCOPE } from './task.ts';

/** What a command of the gate is about. */
export interface CommandAbout {
  readonly release: string;
  readonly scope: string;
}

/** The command that lifts a record, for a shell. Names that no shell takes as they are stand as `'…'`, to be filled in. */
export function unblockCommand({ release, scope }: CommandAbout, record: number): string {
  return command('unblock.yml', { release, ...scoped(scope), block: String(record) });
}

/** The command that blocks a release, for a shell. Names that no shell takes as they are stand as `'…'`, to be filled in. */
export function blockCommand({ release, scope }: CommandAbout): string {
  return command('block.yml', { release, ...scoped(scope) });
}

/** Why the gate is closed, and the command that lifts the record that closes it, in one line. Foreign text. */
export function whyAndLift(about: CommandAbout, closed: Closed): string {
  const { id } = closed;
  return id === undefined ? closed.why : `${whyWithRun(closed)}; to lift record ${id}: ${unblockCommand(about, id)}`;
}

/** Neither a POSIX shell nor PowerShell reads anything into these. */
const PLAIN = /^\w[\w.+/-]{0,199}$/;
const PLACEHOLDER = "'…'";

function command(workflow: string, fields: Readonly<Record<string, string>>): string {
  const given = Object.entries(fields).map(([name, value]) => `-f ${name}=${PLAIN.test(value) ? value : PLACEHOLDER}`);
  return ['gh workflow run', workflow, ...given, `-f reason=${PLACEHOLDER}`].join(' ');
}

function scoped(scope: string): Readonly<Record<string, string>> {
  return scope === DEFAULT_SCOPE ? {} : { scope };
}
