import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface StepOptions {
  readonly cwd: string;
  /** All of the step's environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Milliseconds after which the step is killed outright. */
  readonly timeoutMs: number;
  /** Ends the step as a cancelled workflow does: SIGINT, SIGTERM after 7.5 s, SIGKILL after another 2.5 s. */
  readonly cancelled?: AbortSignal | undefined;
  /** Asks the step to end by SIGTERM, as whoever stops the runner does. */
  readonly terminated?: AbortSignal | undefined;
  /** Kills the step outright, as a runner that dies does. */
  readonly killed?: AbortSignal | undefined;
}

export interface StepEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** Runs a bundle with this Node.js to its end; rejects only when it cannot be started. */
export async function runStepProcess(bundle: string, options: StepOptions): Promise<StepEnd> {
  const { cwd, environment, onLine, timeoutMs } = options;
  const started = performance.now();
  const child = spawn(process.execPath, [bundle], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = [child.stdout, child.stderr].map(async (input) => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line);
  });
  let timedOut = false;
  const timers = [
    setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs),
  ];
  const cancel = () => timers.push(...interrupt(child));
  const terminate = () => child.kill('SIGTERM');
  const kill = () => child.kill('SIGKILL');
  whenAborted(options.cancelled, cancel);
  whenAborted(options.terminated, terminate);
  whenAborted(options.killed, kill);
  try {
    const [exitCode] = await Promise.all([ended(child), ...read]);
    return { exitCode, timedOut, durationMs: performance.now() - started };
  } finally {
    timers.forEach(clearTimeout);
    options.cancelled?.removeEventListener('abort', cancel);
    options.terminated?.removeEventListener('abort', terminate);
    options.killed?.removeEventListener('abort', kill);
  }
}

/** The waits are the runner's own (actions/runner, ProcessInvoker.cs). */
function interrupt(child: ChildProcess): readonly NodeJS.Timeout[] {
  child.kill('SIGINT');
  return [setTimeout(() => child.kill('SIGTERM'), 7_500), setTimeout(() => child.kill('SIGKILL'), 10_000)];
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function whenAborted(signal: AbortSignal | undefined, action: () => void): void {
  if (signal?.aborted) action();
  else signal?.addEventListener('abort', action, { once: true });
}
