import { errorMessage } from '../errors.ts';
import type { Runner } from '../github/runner.ts';

export function setOutputs(runner: Runner, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
}

/** What was done stands, whether or not it can be shown. */
export async function writeSummary(runner: Runner, markdown: string): Promise<void> {
  try {
    await runner.writeSummary(markdown);
  } catch (error) {
    runner.log.warn(`the summary could not be written: ${errorMessage(error)}`);
  }
}
