import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { livingBeds } from '../../../sandbox/bed/teardown.ts';

/** Traces that programs can leave on a machine, each as a line of text. */
export type Footprint = ReadonlySet<string>;

const settings = [
  ...['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops', 'kernel/keys/root_maxkeys'],
  ...['kernel/keys/root_maxbytes', 'net/ipv4/ip_forward', 'net/ipv4/conf/all/rp_filter'],
].map((name) => `/proc/sys/${name}`);

/** What a bed could change of the machine outside its own namespaces. */
export function footprint(): Footprint {
  return new Set([
    ...globSync('/sys/class/net/*').map((path) => `interface ${path} ${read(`${path}/ifalias`)}`),
    ...['iptables-save', 'ip6tables-save'].flatMap(rules),
    ...read('/proc/self/mounts')
      .split('\n')
      .map((line) => `mount ${line}`),
    ...globSync('/sys/fs/cgroup/{*,*/*}/').map((path) => `control group ${path}`),
    ...settings.map((path) => `setting ${path} ${read(path)}`),
    ...globSync('/{run,run/netns,run/containerd,var/lib,var/lib/cni,var/log}/*').map((path) => `file ${path}`),
    ...globSync(`${tmpdir()}/rollkey-bed-*`).map((path) => `folder ${path}`),
  ]);
}

/** What is there now and was not before, without what belongs to beds that run now. */
export function leftSince(before: Footprint): readonly string[] {
  const living = [...livingBeds()].map((folder) => basename(folder));
  return [...footprint()].filter((line) => !before.has(line) && !living.some((name) => line.includes(name)));
}

/** Asks which processes of a running bed there are, by their command or their process namespace; also after its end. */
export function insidersOf(folder: string): () => readonly string[] {
  const ours = namespaceOf('self');
  const namespaces = commandsWith(folder).map(namespaceOf);
  const inside = new Set(namespaces.filter((namespace) => namespace !== '' && namespace !== ours));
  return () => {
    const pids = processes().filter((pid) => inside.has(namespaceOf(pid)) || commandOf(pid).includes(folder));
    return pids.map((pid) => `process ${pid} ${commandOf(pid).replaceAll('\0', ' ')}`);
  };
}

/** The process that takes a bed down. */
export function keeperOf(folder: string): number {
  const [keeper] = commandsWith(folder).filter((pid) => commandOf(pid).includes('keeper.ts'));
  return Number(keeper);
}

function commandsWith(text: string): readonly string[] {
  return processes().filter((pid) => commandOf(pid).includes(text));
}

function processes(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`);
}

function namespaceOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

/** A machine without iptables has no rules. */
function rules(command: string): readonly string[] {
  try {
    const saved = execFileSync(command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return saved
      .split('\n')
      .filter((line) => /^[-*]/.test(line))
      .map((line) => `${command} ${line}`);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
