import { spawn } from 'node:child_process';
import type { Command } from '../command.ts';
import type { Attempt } from './contender.ts';

/** Runs a program, whatever it ends with; its verdict is its exit code, its headline the last line that is `telling`. */
export function attemptWith({ file, argv, env }: Command, telling = /\S/): Promise<Attempt> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(file, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    let endedAt = startedAt;
    child.once('error', reject);
    child.once('exit', () => {
      endedAt = performance.now();
    });
    child.once('close', (code, signal) => {
      const passed = code === 0;
      resolve({
        ...{ startedAt, endedAt, passed },
        verdictAt: passed ? undefined : endedAt,
        outcome: passed ? 'passes' : `fails (${signal ?? code})`,
        headline: lastLine(Buffer.concat(said).toString(), telling),
      });
    });
  });
}

/** As code, in which Markdown means nothing. */
function lastLine(said: string, telling: RegExp): string {
  const line = said.split('\n').findLast((each) => telling.test(each));
  return line ? `\`${line.trim().replaceAll('`', "'")}\`` : '';
}
