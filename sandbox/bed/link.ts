import { execFileSync } from 'node:child_process';

export interface Link {
  readonly name: string;
  /** The address on the bed's side. */
  readonly address: string;
}

const prefix = 'rollkey-bed';
const links = 64;

/**
 * Joins the network namespace of a process to this machine with a pair of virtual interfaces.
 * The owner is written on our side, for whoever looks at `ip link`. Addresses come from 192.0.2.0/24 (RFC 5737: nobody's); the interface's name reserves its four of them.
 */
export function connectLink(pid: number, owner: string): Link {
  const first = Math.floor(Math.random() * links);
  for (let offset = 0; offset < links; offset += 1) {
    const number = (first + offset) % links;
    const name = `${prefix}${number}`;
    if (!addPair(name, pid)) continue;
    const [ours, theirs] = [`192.0.2.${number * 4 + 1}`, `192.0.2.${number * 4 + 2}`];
    ip('address', 'add', `${ours}/30`, 'dev', name);
    ip('link', 'set', name, 'alias', owner, 'up');
    inside(pid, 'address', 'add', `${theirs}/30`, 'dev', 'eth0');
    inside(pid, 'link', 'set', 'eth0', 'up');
    inside(pid, 'route', 'add', 'default', 'via', ours);
    return { name, address: theirs };
  }
  throw new Error(`all ${links} links of beds are taken; see "ip link" for ${prefix}*`);
}

/** Removes a link at once; the kernel does the same some time after the namespace's last process has ended. */
export function removeLink(name: string): void {
  try {
    ip('link', 'delete', name);
  } catch (error) {
    if (!/Cannot find device/.test(String(error))) throw error;
  }
}

function addPair(name: string, pid: number): boolean {
  try {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
    return true;
  } catch (error) {
    if (/File exists/.test(String(error))) return false;
    throw error;
  }
}

function ip(...argv: readonly string[]): void {
  execFileSync('ip', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function inside(pid: number, ...argv: readonly string[]): void {
  execFileSync('nsenter', ['--target', String(pid), '--net', 'ip', ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
}
