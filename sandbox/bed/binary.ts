import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
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
const [, version = '', major, minor] =
  /k8s\.io\/kubernetes v((\d+)\.(\d+)\.\d+)/.exec(readFileSync(join(source, 'go.mod'), 'utf8')) ?? [];
const stamps = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
/** What the programs say they are, and what they call themselves to the API server: without it v0.0.0. */
const stampFlags = ['component-base/version', 'client-go/pkg/version'].flatMap((path) =>
  Object.entries(stamps).map(([name, value]) => `-X k8s.io/${path}.${name}=${value}`),
);
const buildFlags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', ['-s -w', ...stampFlags].join(' ')];
const packages = ['.', 'k8s.io/kubernetes/cmd/kubectl'];

/** Run under a lock, which ends with its holder: whoever waited for another builder finds the work done. */
const buildOnce = '[ -e "$BED" ] || { rm -rf "$BED.new" && "$GO" build -o "$BED.new/" "$@" && mv "$BED.new" "$BED"; }';

/** The programs of the bed, built once (minutes) and kept in the user's cache folder under a hash of what goes into them. */
export async function ensureBinary(log: (line: string) => void): Promise<Binary> {
  const home = join(cacheFolder(), buildKey());
  if (!existsSync(home)) await build(home, log);
  return { bed: join(home, 'bed'), kubectl: join(home, 'kubectl') };
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

async function build(home: string, log: (line: string) => void): Promise<void> {
  const go = await findGo(source);
  log(`building Kubernetes ${version} for the bed: once, some minutes`);
  const started = Date.now();
  mkdirSync(cacheFolder(), { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', BED: home, GO: go };
  const script = ['sh', '-c', buildOnce, 'sh', ...buildFlags, ...packages];
  await run('flock', [join(cacheFolder(), 'lock'), ...script], { cwd: source, env });
  log(`built in ${Math.round((Date.now() - started) / 1000)} s`);
}
