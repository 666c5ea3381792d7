import { mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes a kubeconfig that only this user can read, in a new folder under `folder`; returns the path. */
export async function writeKubeconfig(content: string, folder: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'rollkey-')), 'kubeconfig');
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  return path;
}

/** Removes what `writeKubeconfig` wrote, and its folder if nobody put more there; both may be gone already. */
export async function removeKubeconfig(path: string): Promise<void> {
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}
