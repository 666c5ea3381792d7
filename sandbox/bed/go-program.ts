import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';
import { findGo } from './go-toolchain.ts';

/** A program that is installed from its Go module. */
export interface GoProgram {
  readonly name: string;
  /** The package of its command. */
  readonly module: string;
  readonly version: string;
}

/** Path of a program, built once (up to some minutes) into the user's cache folder. */
export async function ensureGoProgram(program: GoProgram, log: (line: string) => void = () => {}): Promise<string> {
  const { name, version } = program;
  const home = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rollkey', name, version);
  if (!existsSync(home)) {
    log(`building ${name} ${version}: once, some minutes`);
    await build(program, home);
  }
  return join(home, name);
}

async function build({ module, version }: GoProgram, home: string): Promise<void> {
  const go = await findGo(join(import.meta.dirname, 'binary'));
  const unfinished = `${home}.new-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOBIN: unfinished };
  const install = ['install', '-trimpath', '-ldflags', '-s -w', `${module}@${version}`];
  try {
    await run('nice', ['-n', '15', go, ...install], { cwd: unfinished, env });
    // Another process may have been quicker.
    if (!existsSync(home)) renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
