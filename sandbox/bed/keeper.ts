// A process of its own, so that a bed is taken down also when the process that started it crashes: its stdin ends then.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeControlGroups } from './control-groups.ts';
import { connectLink, removeLink } from './link.ts';
import { clearAway } from './teardown.ts';

const [folder = ''] = process.argv.slice(2);
mkdirSync(folder, { mode: 0o700 });
makeControlGroups(folder);
const init = startNamespaces(folder);
const exited = new Promise<void>((resolve) => init.once('exit', () => resolve()));
// A parent's Ctrl-C reaches the whole foreground group; taking down waits for the parent's end instead.
process.on('SIGINT', () => {});
process.stdin.resume().once('close', takeDown);
process.once('SIGTERM', takeDown);
void exited.then(takeDown);
let link: string | undefined;
await ready(init);
const pid = onlyChildOf(init.pid ?? 0);
const connected = connectLink(pid);
link = connected.name;
process.stdout.write(`${JSON.stringify({ pid, address: connected.address })}\n`);

function startNamespaces(bedFolder: string): ChildProcess {
  const script = fileURLToPath(new URL('enclosure.sh', import.meta.url));
  // Killed with the keeper, and its first process with it: the kernel then kills everything inside.
  const command = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--net', '--ipc', '--fork', '--mount-proc'];
  return spawn('setpriv', [...command, '--kill-child', 'sh', script, bedFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function ready(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('the namespaces have no output');
  for await (const line of createInterface(child.stdout)) if (line === 'ready') return;
  throw new Error('the namespaces could not be set up');
}

function onlyChildOf(parent: number): number {
  return Number(readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim());
}

async function takeDown(): Promise<void> {
  try {
    init.kill('SIGKILL');
    await exited;
    if (link !== undefined) removeLink(link);
    await clearAway(folder);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`bed ${folder}: could not be cleared away: ${String(error)}\n`);
    process.exit(1);
  }
}
