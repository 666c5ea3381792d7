import { createRunner, type Runner } from './runner.ts';

/**
 * Runs an action on GitHub's runner, and ends the process with it: a program that a check left behind, or a connection
 * that nobody closes, would hold the job.
 */
export async function runAction(act: (runner: Runner) => Promise<void>): Promise<void> {
  const runner = createRunner();
  await act(runner);
  await runner.leave();
}
