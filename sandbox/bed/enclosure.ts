import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { folderPrefix } from './teardown.ts';

/** Namespaces of processes, mounts and networks that a bed lives in, held by a keeper process. */
export interface Enclosure {
  readonly folder: string;
  /** The namespaces' first process, as the machine numbers it. */
  readonly pid: number;
  /** The bed's address, reached from this machine only. */
  readonly address: string;
  /** The machine's own address as the bed sees it; only the bed can reach it. */
  readonly machine: string;
  /** Ends everything inside and clears it away; resolves when nothing is left, and rejects when something is. */
  readonly close: () => Promise<void>;
}

/** Makes the namespaces and the folder of a new bed. They end with `close`, or with this process. */
export async function openEnclosure(): Promise<Enclosure> {
  const folder = join(tmpdir(), `${folderPrefix}${randomBytes(4).toString('hex')}`);
  const script = fileURLToPath(new URL('keeper.ts', import.meta.url));
  const keeper = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = new Promise<number | null>((resolve) => keeper.once('exit', resolve));
  const close = async () => {
    keeper.ref();
    keeper.stdin.end();
    const code = await ended;
    if (code !== 0 || existsSync(folder)) throw new Error(`the bed in ${folder} was not cleared away completely`);
  };
  const { pid, address, machine } = await firstAnswer(keeper);
  keeper.unref();
  keeper.stdout.destroy();
  // The starter may end without a word; only that closes the keeper's input then.
  if (keeper.stdin instanceof Socket) keeper.stdin.unref();
  return { folder, pid, address, machine, close };
}

async function firstAnswer(keeper: ChildProcess): Promise<Pick<Enclosure, 'pid' | 'address' | 'machine'>> {
  if (keeper.stdout === null) throw new Error('the keeper has no output');
  for await (const line of createInterface(keeper.stdout)) return JSON.parse(line);
  throw new Error('the namespaces of the bed could not be made; a bed needs root and Linux');
}
