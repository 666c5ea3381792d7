import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EmbeddedCluster } from '../../../sandbox/cluster/embedded-cluster.ts';

/** Whether the real kubectl is here. */
export const hasKubectl = (): boolean => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

export type Kubectl = ReturnType<typeof createKubectl>;

/** The real kubectl, as an administrator of a cluster, in a folder of its own. */
export const createKubectl = (cluster: EmbeddedCluster) => {
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-kubectl-'));
  /** Writes a file; its path. */
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const kubeconfig = file('kubeconfig', cluster.kubeconfigFor(cluster.tokenFor('kubectl', ['system:masters']), 'shop'));
  /** What it prints; throws when it fails. */
  const run = async (...args: string[]): Promise<string> => {
    const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: kubeconfig };
    const { stdout } = await promisify(execFile)('kubectl', args, { env });
    return stdout.trim();
  };
  return {
    file,
    run,
    /** What it says when it fails. */
    refusal: (...args: string[]): Promise<string> =>
      run(...args).then(
        (output) => `succeeded: ${output}`,
        (error: { stderr: string }) => error.stderr.trim(),
      ),
    remove: () => rmSync(folder, { recursive: true }),
  };
};
