import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { errorMessage } from '../errors.ts';
import type { CommandSpec } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';
import { killDescendants, MARK } from './descendants.ts';
import { createCheck } from './look.ts';
import { withProgramId } from './program-id.ts';
import { createProgramOutput } from './program-output.ts';
import { secondsOf } from './seconds.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is written without a line end is kept in memory, so too much of it ends the program. */
const MOST_BYTES = 4_194_304;
const TOO_MUCH: CheckAnswer = {
  state: 'error',
  message: 'writes more than 4 MiB and was ended; write less of it',
};
/** Milliseconds for which what a program left behind may hold its output. */
const LINGER_MS = 200;
/** Milliseconds for a program that was killed to be gone. */
const PATIENCE_MS = 1_000;

/**
 * Runs a program, with no shell in between: exit code 0 passes, any other fails. What it started ends with the look. One
 * that does not end in time is no verdict on the release: it may be slow by nature.
 */
export function createCommandCheck(spec: CommandSpec, environment: Environment): Check {
  const late: CheckAnswer = {
    state: 'error',
    message: `does not end within ${secondsOf(spec.timeoutMs)}; give it a longer timeout`,
  };
  return createCheck(spec, { early: false, late: () => late }, async (signal) => {
    const mark = randomUUID();
    const output = createProgramOutput();
    const full = new AbortController();
    const take = (bytes: Buffer) => {
      output.take(bytes);
      if (output.size() > MOST_BYTES) full.abort();
    };
    const env = { ...withoutInputs(environment), ...spec.environment, [MARK]: mark };
    const { started: run, id } = withProgramId(() => start(spec.argv, env, take));
    const kill = () => killDescendants(mark, id());
    const exit = await Promise.race([run, aborted(AbortSignal.any([signal, full.signal]))]);
    if (exit === undefined) await killUntilOver(run, kill);
    else kill();
    return exit === undefined ? TOO_MUCH : judge(exit, output.lastLine());
  });
}

/**
 * It is handed to the `end()` of the program's standard input, which takes a callback in place of data. Left out, the input
 * would stay open and a program that reads it wait for ever; an empty one is written, and nobody handles the EPIPE of a
 * program that has ended before.
 */
const NO_INPUT = (() => undefined) as unknown as Buffer;

type Exit = { readonly code: number | null } | { readonly problem: string };

/** Never rejects. */
async function start(
  [program = '', ...rest]: readonly string[],
  env: Record<string, string>,
  take: (bytes: Buffer) => void,
): Promise<Exit> {
  const { exec } = await import('@actions/exec');
  try {
    const listeners = { stdout: take, stderr: take };
    const options = { env, silent: true, ignoreReturnCode: true, delay: LINGER_MS, input: NO_INPUT, listeners };
    return { code: await exec(`"${program}"`, rest, options) };
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

/** It may be about to start something more. */
async function killUntilOver(run: Promise<Exit>, kill: () => void): Promise<void> {
  let over = false;
  const ended = run.then(() => {
    over = true;
  });
  for (let waited = 0; !over && waited < PATIENCE_MS; waited += 20) {
    kill();
    await Promise.race([ended, pause(20)]);
  }
  kill();
}

function judge(exit: Exit, lastLine: string): CheckAnswer {
  if ('problem' in exit) return { state: 'error', message: `cannot be started: ${exit.problem}` };
  const words = lastLine === '' ? '' : `: ${lastLine}`;
  if (exit.code === 0) return { state: 'pass', message: `exits 0${words}` };
  if (exit.code === null) return { state: 'error', message: `was killed from outside${words}` };
  return { state: 'fail', message: `exits ${exit.code}${words}` };
}

/** What the runner gives this action as inputs is not the program's: a kubeconfig among them. */
function withoutInputs(environment: Environment): Record<string, string> {
  const entries = Object.entries(environment).filter(([name, value]) => value !== undefined && !/^INPUT_/i.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return undefined;
}
