import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from './command.ts';

/** Milliseconds after which a process is killed: something is wrong then. */
const longestRun = 180_000;

/** A process that was started, on the clock of `performance.now()`. */
export interface Started {
  readonly child: ChildProcess;
  readonly startedAt: number;
  /** Resolves with the time of its end; rejects, with what it said, unless it ended well. */
  readonly ended: Promise<number>;
}

/** Starts a command; the clock begins right before. */
export function start({ file, argv, env }: Command): Started {
  const startedAt = performance.now();
  const child = spawn(file, argv, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestRun,
    killSignal: 'SIGKILL',
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<number>((resolve, reject) => {
    let endedAt = 0;
    child.once('error', reject);
    child.once('exit', () => {
      endedAt = performance.now();
    });
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(endedAt);
      const words = Buffer.concat(said).toString().trim().slice(-2000);
      reject(new Error(`${[file, ...argv].join(' ')}: ended with ${signal ?? code}: ${words}`));
    });
  });
  return { child, startedAt, ended };
}

/** Runs a command to its good end; resolves with the seconds from start to end. */
export async function secondsOf(command: Command): Promise<number> {
  const { startedAt, ended } = start(command);
  return ((await ended) - startedAt) / 1000;
}
