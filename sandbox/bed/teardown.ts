import { readdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeControlGroups } from './control-groups.ts';

/** The start of every bed's folder name. */
export const folderPrefix = 'rollkey-bed-';

/** Removes a bed's control groups and folder. Everything that ran in them must have ended. */
export async function clearAway(folder: string): Promise<void> {
  await patiently(() => removeControlGroups(folder));
  await patiently(() => rm(folder, { recursive: true, force: true }));
}

/** Clears away the beds whose keeper was killed before it could do so. */
export async function clearAbandoned(): Promise<void> {
  const names = await readdir(tmpdir());
  const folders = names.filter((name) => name.startsWith(folderPrefix)).map((name) => join(tmpdir(), name));
  // Read after the folders: a keeper runs before its folder is made.
  const living = livingBeds();
  for (const folder of folders) if (!living.has(folder)) await clearAway(folder);
}

/** The folders of the beds that a running keeper holds: each is its keeper's last argument. */
export function livingBeds(): ReadonlySet<string> {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Set(
    processes
      .map(commandLine)
      .filter((line) => line.at(-2)?.endsWith('keeper.ts'))
      .map((line) => line.at(-1) ?? ''),
  );
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** The kernel lets go of mounts and control groups shortly after the last process, not with it. */
async function patiently(action: () => void | Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (attempt === 50) throw error;
      await pause(100);
    }
  }
}
