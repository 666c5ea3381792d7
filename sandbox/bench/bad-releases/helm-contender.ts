import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Desk } from '../../desk/desk.ts';
import { webDeployment, webService } from '../../desk/web-workload.ts';
import { writeChart } from './chart.ts';
import type { Attempt, Contender } from './contender.ts';
import { environment } from './kubectl-contender.ts';
import { attemptWith } from './program-contender.ts';
import { withImages } from './with-images.ts';

/** Helm with its own rollback: the same Deployment in the smallest chart, one version for each release. */
export function helmContender(helm: string, home: string): Contender {
  const upgrade = (desk: Desk, version: string, deployment: object): Promise<Attempt> => {
    const folder = join(home, desk.namespace);
    mkdirSync(folder, { recursive: true });
    const chart = writeChart(folder, version, deployment);
    const argv = ['upgrade', 'web', chart, '--install', '--rollback-on-failure', '--wait', '--timeout', '120s'];
    return attemptWith({ file: helm, argv, env: environment(desk, home) }, /^(STATUS|Error)/);
  };
  return {
    name: 'helm',
    install: async (desk, workload) => {
      await desk.apply(webService('web'));
      const { passed, headline } = await upgrade(desk, '1.0', webDeployment(workload));
      if (!passed) throw new Error(`helm upgrade --install of 1.0: ${headline}`);
      await desk.complete();
    },
    attempt: (desk, { workload, images }) => upgrade(desk, '1.1', withImages(webDeployment(workload), images)),
  };
}
