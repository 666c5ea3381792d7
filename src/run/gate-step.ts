import { errorMessage, GitHubError, InputError } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { Runner } from '../github/runner.ts';
import type { Gate } from '../ports.ts';
import { safeLine } from '../report/log-line.ts';
import { formatStopped } from '../report/stopped-summary.ts';
import { setOutputs, writeSummary } from './tell-runner.ts';

export type ConnectGate = (token: string, runner: Runner) => Promise<Gate>;

/** How a step of gate/, block/ or unblock/ ended. */
export interface StepEnd {
  readonly outputs: Readonly<Record<string, string>>;
  /** `error` fails the job. */
  readonly level: 'error' | 'warning' | 'info';
  /** A clause for people; foreign text may be in it, as in `message`. */
  readonly title: string;
  readonly message: string;
  readonly summary: string;
}

/** What kept a step from its work. */
export interface Stop {
  readonly code: string;
  readonly message: string;
}

/** What gate/, block/ and unblock/ do, each in its way. */
export interface GateStep {
  /** The outputs until it has ended. */
  readonly nothingHappened: Readonly<Record<string, string>>;
  /** What did not happen when the step is stopped: `1.1 could not be blocked`. Foreign text may be in it. */
  readonly undone: string;
  /** What holds when the step is cancelled, whatever it had begun. */
  readonly cancelled: string;
  act(): Promise<StepEnd>;
  /** The outputs of a step that was stopped. */
  stopped(stop: Stop): Readonly<Record<string, string>>;
}

const LONGEST_TITLE = 200;

/** Runs a step from its inputs to outputs, summary and at most one annotation. Never throws. */
export async function runStep(runner: Runner, step: GateStep): Promise<void> {
  setOutputs(runner, step.nothingHappened);
  runner.interrupt.addEventListener('abort', () => {
    runner.log.warn(`cancelled: ${step.cancelled}`);
    runner.fail();
    void runner.leave();
  });
  const end = await step.act().catch((error: unknown) => stoppedStep(runner, step, error));
  if (runner.interrupt.aborted) return;
  setOutputs(runner, end.outputs);
  const { level } = end;
  const [title, message] = [plainLine(end.title, LONGEST_TITLE), safeLine(end.message)];
  if (level === 'info') runner.log.info(message);
  else runner.annotate({ level, title, message });
  await writeSummary(runner, end.summary);
  if (level === 'error') runner.fail();
}

function stoppedStep(runner: Runner, { undone, stopped }: GateStep, error: unknown): StepEnd {
  if (!(error instanceof InputError || error instanceof GitHubError) && error instanceof Error)
    runner.log.debug(error.stack ?? error.message);
  const problems = error instanceof InputError ? error.problems : [errorMessage(error)];
  const message = problems.join('; ');
  const what = error instanceof InputError ? 'the inputs are not as they should be' : undone;
  const outputs = stopped({ code: codeOf(error), message });
  return { outputs, level: 'error', title: `Stopped: ${what}`, message, summary: formatStopped(what, problems) };
}

function codeOf(error: unknown): string {
  if (error instanceof InputError) return 'invalid-input';
  return error instanceof GitHubError ? `github-${error.kind}` : 'internal-error';
}
