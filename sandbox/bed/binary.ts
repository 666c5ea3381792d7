import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.ts';
import { findGo } from './go-toolchain.ts';

/** What is built from the Go module beside this file. */
export interface Binary {
  /** etcd, the control plane's programs and the kubelet, chosen by its first argument. */
  readonly bed: string;
  readonly kubectl: string;
}

const source = fileURLToPath(new URL('binary', import.meta.url));
const version = '1.35.4';
const [major, minor] = version.split('.');
const stamps = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
const stampFlags = Object.entries(stamps).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
const buildFlags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', ['-s -w', ...stampFlags].join(' ')];
const packages = ['.', 'k8s.io/kubernetes/cmd/kubectl'];

/**
 * The programs of the bed, built once (minutes) and kept in the user's cache folder under the hash of what goes into them.
 * Two builders at once both build; the first to finish wins.
 */
export async function ensureBinary(log: (line: string) => void): Promise<Binary> {
  const home = join(cacheFolder(), buildKey());
  const binary = { bed: join(home, 'bed'), kubectl: join(home, 'kubectl') };
  if (existsSync(home)) return binary;
  await mkdir(cacheFolder(), { recursive: true });
  const unfinished = await mkdtemp(join(cacheFolder(), 'unfinished-'));
  try {
    await build(unfinished, log);
    await rename(unfinished, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return binary;
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rollkey', 'bed');
}

function buildKey(): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  hash.update(JSON.stringify([buildFlags, packages, process.platform, process.arch]));
  return hash.digest('hex').slice(0, 16);
}

async function build(folder: string, log: (line: string) => void): Promise<void> {
  const go = await findGo(source);
  log(`building Kubernetes ${version} for the bed: once, some minutes`);
  const started = Date.now();
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };
  await run(go, ['build', ...buildFlags, '-o', `${folder}/`, ...packages], { cwd: source, env });
  log(`built in ${Math.round((Date.now() - started) / 1000)} s`);
}
