import { execFileSync } from 'node:child_process';

export interface Link {
  readonly name: string;
  /** The address on the bed's side. */
  readonly address: string;
  /** The machine's address on the other side. */
  readonly machine: string;
}

const prefix = 'rollkey-bed';
const links = 64;

/** Networks for documentation (RFC 5737). They should be nobody's; some machines use one all the same. */
const networks = ['198.51.100', '203.0.113', '192.0.2'];

/**
 * Joins the network namespace of a process to this machine with a pair of virtual interfaces.
 * Nothing inside reaches further than this machine. The interface's name reserves its four addresses, and the owner is
 * written on it for whoever looks at `ip link`.
 */
export function connectLink(pid: number, owner: string): Link {
  const network = unusedNetwork();
  const first = Math.floor(Math.random() * links);
  for (let offset = 0; offset < links; offset += 1) {
    const number = (first + offset) % links;
    const name = `${prefix}${number}`;
    if (!addPair(name, pid)) continue;
    const [ours, theirs] = [`${network}.${number * 4 + 1}`, `${network}.${number * 4 + 2}`];
    ip('address', 'add', `${ours}/30`, 'dev', name);
    ip('link', 'set', name, 'alias', owner, 'up');
    inside(pid, 'address', 'add', `${theirs}/30`, 'dev', 'eth0');
    inside(pid, 'link', 'set', 'eth0', 'up');
    return { name, address: theirs, machine: ours };
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

function unusedNetwork(): string {
  const lines = `${ip('-4', '-oneline', 'address')}\n${ip('-4', 'route')}`.split('\n');
  const words = lines.filter((line) => !line.includes(prefix)).flatMap((line) => line.split(' '));
  const network = networks.find((candidate) => !words.some((word) => word.startsWith(`${candidate}.`)));
  if (network === undefined)
    throw new Error(`this machine uses every network that a bed could: ${networks.join(', ')}`);
  return network;
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

function ip(...argv: readonly string[]): string {
  return execFileSync('ip', argv, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
}

function inside(pid: number, ...argv: readonly string[]): void {
  execFileSync('nsenter', ['--target', String(pid), '--net', 'ip', ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
}
