import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../bed/command.ts';
import { findGo } from '../../bed/go-toolchain.ts';

export const helmVersion = 'v4.3.1';

/** Path of a helm, built once (minutes) into the user's cache folder. */
export async function ensureHelm(log: (line: string) => void): Promise<string> {
  const home = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rollkey', 'helm', helmVersion);
  if (!existsSync(home)) await build(home, log);
  return join(home, 'helm');
}

async function build(home: string, log: (line: string) => void): Promise<void> {
  const go = await findGo(join(import.meta.dirname, '..', '..', 'bed', 'binary'));
  log(`building helm ${helmVersion}: once, some minutes`);
  const unfinished = `${home}.new-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOBIN: unfinished };
  const install = ['install', '-trimpath', '-ldflags', '-s -w', `helm.sh/helm/v4/cmd/helm@${helmVersion}`];
  try {
    await run('nice', ['-n', '15', go, ...install], { cwd: unfinished, env });
    renameSync(unfinished, home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
