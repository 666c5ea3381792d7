import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const LINES = 40_000;
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;
/** What Node.js waits for before it ends by itself: a connection that nobody closes. */
const HELD = 'setInterval(() => undefined, 1_000);';
const SAY = `
  for (let line = 1; line <= ${LINES}; line += 1) runner.log.info('line ' + line + ' of what the step says');
  runner.output('outcome', 'failed');
  runner.keep('returning', 'web');
  await runner.writeSummary('# Rolled back');
  runner.fail();`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-runner-'));
  await Promise.all(FILES.map((name) => writeFile(join(folder, name), '')));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs an action in a process of its own, whose reader takes its time. */
async function run(body: string) {
  const action = JSON.stringify(resolve('src/github/action.ts'));
  const script = `const { runAction } = await import(${action});\nawait runAction(async (runner) => {${body}\n});`;
  const files = Object.fromEntries(FILES.map((name) => [name, join(folder, name)]));
  const env = { PATH: process.env['PATH'] ?? '', ...files };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 10_000,
  });
  const ended = once(child, 'exit');
  let said = '';
  for await (const bytes of child.stdout.setEncoding('utf8')) {
    if (said === '') await new Promise((resume) => setTimeout(resume, 1_000));
    said += bytes;
  }
  const [exitCode, signal] = await ended;
  const written = await Promise.all(FILES.map((name) => readFile(join(folder, name), 'utf8')));
  return { exitCode, signal, lines: said.trimEnd().split('\n'), written: written.join('\n') };
}

describe('a process ends with its action, whatever is still open', () => {
  test('and loses nothing that was said, written or kept', async () => {
    const { exitCode, signal, lines, written } = await run(`${HELD}${SAY}`);
    expect([exitCode, signal]).toEqual([1, null]);
    expect(lines).toHaveLength(LINES);
    expect(lines.at(-1)).toBe(`line ${LINES} of what the step says`);
    expect(written).toMatch(/outcome[\s\S]*failed[\s\S]*returning[\s\S]*web[\s\S]*# Rolled back/);
  });

  test('also where it leaves before its end', async () => {
    const { exitCode, lines } = await run(`${HELD}${SAY} runner.leave(); await new Promise(() => undefined);`);
    expect([exitCode, lines.length]).toEqual([1, LINES]);
  });

  test('with 0 where nothing failed', async () => {
    expect(await run(`${HELD} runner.log.info('done');`)).toMatchObject({ exitCode: 0, lines: ['done'] });
  });
});
