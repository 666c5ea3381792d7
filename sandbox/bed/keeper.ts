// A process of its own, so that a bed is taken down also when the process that started it crashes: its stdin ends then.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeControlGroups } from './control-groups.ts';
import { connectLink, type Link, removeLink } from './link.ts';
import { clearAway } from './teardown.ts';

const [folder = ''] = process.argv.slice(2);
// Whoever listened may have crashed; the bed is taken down all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
mkdirSync(folder, { mode: 0o700 });
makeControlGroups(folder);
const holder = startNamespaces();
const exited = once(holder, 'exit');
const ending = Promise.race([exited, once(process.stdin.resume(), 'close'), once(process, 'SIGTERM')]);
let first: number | undefined;
let link: Link | undefined;
try {
  await Promise.race([announce(), ending]);
  await ending;
} catch (error) {
  process.stderr.write(`bed ${folder}: ${String(error)}\n`);
}
if (holder.exitCode === null && holder.signalCode === null) {
  // With the first process, the kernel ends all others before its parent hears of it.
  if (first === undefined) holder.kill('SIGKILL');
  else process.kill(first, 'SIGTERM');
}
await exited;
if (link !== undefined) removeLink(link.name);
await clearAway(folder);
process.exit(0);

function startNamespaces(): ChildProcess {
  const script = fileURLToPath(new URL('enclosure.sh', import.meta.url));
  // Killed with the keeper, and its first process with it: the kernel then kills everything inside.
  const command = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--net', '--ipc', '--fork', '--mount-proc'];
  return spawn('setpriv', [...command, '--kill-child', 'sh', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Says on the standard output, as one JSON line, where the bed is, once its namespaces stand. */
async function announce(): Promise<void> {
  await ready();
  first = Number(readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim());
  link = connectLink(first, folder);
  process.stdout.write(`${JSON.stringify({ pid: first, address: link.address, machine: link.machine })}\n`);
}

async function ready(): Promise<void> {
  if (holder.stdout === null) throw new Error('the namespaces have no output');
  for await (const line of createInterface(holder.stdout)) if (line === 'ready') return;
  throw new Error('the namespaces could not be set up; a bed needs root');
}
