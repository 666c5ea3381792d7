import { readdirSync, readFileSync } from 'node:fs';
import { kill } from 'node:process';

/** The environment variable that a command and all that it starts carry, unless they drop it. */
export const MARK = 'ROLLKEY_CHECK';

/**
 * Kills everything that carries a mark, as GitHub's runner does at the end of a job with its own
 * (actions/runner, RUNNER_TRACKING_ID). Only where there is /proc: elsewhere that is left to the runner.
 */
export function killMarked(mark: string): void {
  for (const pid of entriesOf('/proc').filter((name) => /^\d+$/.test(name))) {
    if (contentOf(`/proc/${pid}/environ`).includes(`${MARK}=${mark}\0`)) killIfThere(Number(pid));
  }
}

function killIfThere(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, or is not ours any more.
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty for what has ended and for other users' programs. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
