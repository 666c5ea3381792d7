import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.ts';

/** What the bed runs from Debian, by a file that shows it is there. */
const needed: Readonly<Record<string, string>> = {
  containerd: 'containerd',
  runc: 'runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  'busybox-static': '/usr/share/doc/busybox-static/copyright',
  iproute2: 'ip',
  mount: 'mount',
  openssl: 'openssl',
  'util-linux': 'setpriv',
};

/** Installs those of the bed's Debian packages that are missing. */
export async function ensurePackages(log: (line: string) => void): Promise<void> {
  const missing = Object.keys(needed).filter((name) => !isThere(needed[name] ?? ''));
  if (missing.length === 0) return;
  log(`installing ${missing.join(', ')}`);
  await installPackages(missing);
}

/** Installs a Debian package that has its program's name, unless the program is there. */
export async function ensureProgram(name: string): Promise<void> {
  if (!isThere(name)) await installPackages([name]);
}

/** Installs Debian packages without asking, and without starting the services that they bring. */
export async function installPackages(names: readonly string[]): Promise<void> {
  try {
    await run('apt-get', ['update', '-qq']);
    // With systemd, and without it: neither starts a service then.
    const quiet = { DEBIAN_FRONTEND: 'noninteractive', SYSTEMD_OFFLINE: '1', RUNLEVEL: '1' };
    const env = { ...process.env, ...quiet };
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env });
  } catch (error) {
    throw new Error(`the bed needs the Debian packages ${names.join(', ')}; install them as root (${String(error)})`);
  }
}

/** The version that Debian would install, or an empty string. */
export async function candidateVersion(name: string): Promise<string> {
  const policy = await run('apt-cache', ['policy', name]).catch(() => '');
  return /Candidate: (\S+)/.exec(policy)?.[1] ?? '';
}

function isThere(program: string): boolean {
  if (program.startsWith('/')) return existsSync(program);
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}
