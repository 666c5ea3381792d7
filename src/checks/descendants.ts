import { readdirSync, readFileSync } from 'node:fs';
import { kill } from 'node:process';

/** The environment variable that a command and all that it starts carry, unless they drop it. */
export const MARK = 'ROLLKEY_CHECK';

/**
 * Kills everything that carries a mark, as GitHub's runner does at the end of a job with its own
 * (actions/runner, RUNNER_TRACKING_ID), and the program `root`, each with all that stands below it. Only where there is
 * /proc: elsewhere that is left to the runner.
 */
export function killDescendants(mark: string, root: number | undefined): void {
  const all = entriesOf('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((id) => [id, parentOf(id)]));
  const ours = new Map(root === undefined ? [] : [[String(root), true]]);
  const isOurs = (id: string): boolean => {
    const known = ours.get(id);
    if (known !== undefined) return known;
    // Ids are given anew while they are read, so that there may be a circle.
    ours.set(id, false);
    const is = parents.has(id) && (isMarked(id, mark) || isOurs(parents.get(id) ?? ''));
    ours.set(id, is);
    return is;
  };
  for (const id of all.filter(isOurs)) killIfThere(Number(id));
}

function isMarked(id: string, mark: string): boolean {
  return contentOf(`/proc/${id}/environ`).includes(`${MARK}=${mark}\0`);
}

/** The fourth field; the second, its name, may hold anything (proc_pid_stat(5)). */
function parentOf(id: string): string {
  const stat = contentOf(`/proc/${id}/stat`);
  return stat.slice(stat.lastIndexOf(')')).split(' ')[2] ?? '';
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
