import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One of the bed's programs, started inside its namespaces. */
export interface Program {
  readonly name: string;
  /** Path of the file that takes its output. */
  readonly log: string;
  /** Rejects when the program has ended: none of them ends by itself. */
  readonly end: Promise<never>;
  /** Asks it to end, and resolves when it has. */
  readonly stop: () => Promise<void>;
}

/** Where programs are started: the bed's folder (their logs go below it) and the namespaces' first process. */
export interface Place {
  readonly folder: string;
  readonly pid: number;
}

/** Starts a program inside a bed's namespaces; it ends with them. */
export function startProgram(place: Place, name: string, command: readonly string[]): Program {
  const log = join(place.folder, 'logs', `${name}.log`);
  const output = openSync(log, 'a');
  const child = spawn('nsenter', enter(place.pid, command), { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  child.unref();
  const end = endOf(child, name, log);
  // Somebody waits for it only while the bed starts.
  end.catch(() => {});
  return { name, log, end, stop: () => stopInside(child, end) };
}

/** Command line flags, `--name=value` each. */
export function flags(values: Readonly<Record<string, string | number | boolean>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** The arguments with which `nsenter` runs a command inside a bed's namespaces. */
export function enter(pid: number, command: readonly string[]): readonly string[] {
  return ['--target', String(pid), '--mount', '--pid', '--net', '--ipc', '--', ...command];
}

/** Asks again until the answer is yes; rejects when a program ends meanwhile, or after a number of milliseconds. */
export async function waitFor(
  what: string,
  timeout: number,
  asked: () => Promise<boolean>,
  needs: readonly Program[],
): Promise<void> {
  const deadline = Date.now() + timeout;
  const ask = async () => {
    while (!(await asked())) {
      if (Date.now() > deadline) throw new Error(overdue(what, timeout, needs));
      await pause(50);
    }
  };
  await Promise.race([ask(), ...needs.map((program) => program.end)]);
}

/** nsenter waits for the program that it has forked, and passes no signal on to it. */
async function stopInside(child: ChildProcess, end: Promise<never>): Promise<void> {
  const { pid } = child;
  const program = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  // Else nothing might keep this process alive while it waits.
  child.ref();
  process.kill(program, 'SIGTERM');
  const impatience = setTimeout(() => process.kill(program, 'SIGKILL'), 3_000);
  await end.catch(() => {});
  clearTimeout(impatience);
}

function overdue(what: string, timeout: number, needs: readonly Program[]): string {
  const words = needs.map(({ name, log }) => `${name}: ${lastLines(log)}`);
  return `the bed: ${what} took more than ${timeout / 1000} s\n${words.join('\n')}`;
}

function endOf(child: ChildProcess, name: string, log: string): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the bed's ${name} ended with ${signal ?? code}: ${lastLines(log)}`));
    });
  });
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-10).join('\n');
  } catch {
    return '(its log is gone)';
  }
}
