import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface StepOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdout?: 'inherit' | 'ignore';
}

/** Runs one command from the project's folder to its end and says whether it succeeded. */
export async function runStep(
  command: string,
  commandArguments: readonly string[],
  { env = {}, stdout = 'inherit' }: StepOptions = {},
): Promise<boolean> {
  const child = spawn(command, commandArguments, {
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  const [code] = await once(child, 'close');
  return code === 0;
}
