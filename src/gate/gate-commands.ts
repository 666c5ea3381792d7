import { type Closed, whyWithRun } from './rule.ts';
import { runHome } from './run-home.ts';
import { DEFAULT_SCOPE } from './task.ts';

/** What a command of the gate is about. */
export interface CommandAbout {
  readonly release: string;
  readonly scope: string;
  /** URL of the run that names the command: it says in which repository. Empty where nobody knows. */
  readonly runUrl: string;
}

/** … and where that was. */
export interface CommandThere extends CommandAbout {
  /** Empty where nobody said. */
  readonly environment: string;
}

/** The workflows of examples/ that commands start. */
export type CommandFile = 'block.yml' | 'unblock.yml' | 'rollback.yml';

/** The command that lifts a record, for a shell. Names that no shell takes as they are stand as `'…'`, to be filled in. */
export function unblockCommand(about: CommandAbout, record: number): string {
  return command('unblock.yml', about.runUrl, { ...subject(about), block: String(record) });
}

/**
 * The command that blocks a release, and says in which environment it proved bad: there it may else be deployed again.
 * Names that no shell takes as they are stand as `'…'`, to be filled in.
 */
export function blockCommand(about: CommandThere): string {
  const { environment, runUrl } = about;
  return command('block.yml', runUrl, { ...subject(about), ...(environment !== '' && { environment }) });
}

/** Where to go back to: an empty release is the last good one before the live one. */
export type WayBack = Pick<CommandThere, 'environment' | 'release'>;

/** The command that goes back in an environment. Names that no shell takes as they are stand as `'…'`, to be filled in. */
export function rollbackCommand({ environment, release }: WayBack, runUrl: string): string {
  return command('rollback.yml', runUrl, { environment, ...(release !== '' && { release }) });
}

/** The page on which a workflow can be started without a command; empty where the repository is not known. */
export function commandPage(runUrl: string, file: CommandFile): string {
  const home = runHome(runUrl);
  return home ? `${home.url}/actions/workflows/${file}` : '';
}

/** Why the gate is closed, and the command that lifts the record that closes it, in one line. Foreign text. */
export function whyAndLift(about: CommandAbout, closed: Closed): string {
  return [whyWithRun(closed), ...howToLift(about, closed)].join('; ');
}

/** The command that lifts the record that closes the gate, a clause of its own; none where no record does. */
export function howToLift(about: CommandAbout, { id }: Closed): readonly string[] {
  return id === undefined ? [] : [`to lift record ${id}: ${unblockCommand(about, id)}`];
}

/** Neither a POSIX shell nor PowerShell reads anything into these. */
const PLAIN = /^\w[\w.+/-]{0,199}$/;
const PLACEHOLDER = "'…'";

function command(file: CommandFile, runUrl: string, fields: Readonly<Record<string, string>>): string {
  const home = runHome(runUrl);
  const where = home ? [`-R ${home.repository}`] : [];
  const given = Object.entries(fields).map(([name, value]) => `-f ${name}=${PLAIN.test(value) ? value : PLACEHOLDER}`);
  return ['gh workflow run', file, ...where, ...given, `-f reason=${PLACEHOLDER}`].join(' ');
}

function subject({ release, scope }: CommandAbout): Readonly<Record<string, string>> {
  return { release, ...(scope !== DEFAULT_SCOPE && { scope }) };
}
