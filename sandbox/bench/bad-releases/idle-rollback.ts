import { run } from '../../bed/command.ts';
import { type Desk, openDesk } from '../../desk/desk.ts';
import { eventually } from '../../desk/eventually.ts';
import { webImage } from '../../desk/test-cluster.ts';
import { kubectlTool } from '../kubectl-tool.ts';
import { courseOf } from './course.ts';
import { environment } from './kubectl-contender.ts';
import type { Laboratory } from './laboratory.ts';
import { attemptWith } from './program-contender.ts';
import { record } from './recording.ts';

/** Who takes a release back whose pods serve nobody: the action by itself, the action by name, or a script. */
export type Way = 'automatic' | 'by name' | 'kubectl';

const replicas = 3;
/** Each second, and three in a row: all three pods must be gone for it. */
const verify = '- service: web:80\n  interval: 1s\n';

/**
 * Rolls 1.1 out, takes from all its pods what they serve, and has it taken back: seconds from the write until the three
 * pods of 1.0 are all that serves.
 */
export async function measureIdleRollback(laboratory: Laboratory, way: Way): Promise<number> {
  const desk = await openDesk(laboratory.cluster, 'idle');
  await desk.install({
    replicas,
    annotations: { 'kubernetes.io/change-cause': '1.0' },
    spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
  });
  await onlyReplicas(desk);
  const recording = record(laboratory.observatory, desk.namespace);
  await wayBack[way](laboratory, desk);
  await onlyReplicas(desk);
  recording.stop();
  await desk.close();
  const { backAt = Number.NaN, restoredAt = Number.NaN } = courseOf(recording.glances, replicas);
  return (restoredAt - backAt) / 1000;
}

const wayBack: Readonly<Record<Way, (laboratory: Laboratory, desk: Desk) => Promise<void>>> = {
  automatic: async (laboratory, desk) => {
    const inputs = { verify, 'update-config': 'monitor: 60s', 'rollback-config': 'monitor: 0s' };
    const running = desk.run('root', {
      deployment: 'web',
      release: '1.1',
      images: `web=${webImage('1.1')}`,
      ...inputs,
    });
    await eventually('the begin of 1.1', async () => (await desk.replicaSets()).length === 2);
    await becomesIdle(laboratory, desk);
    const { outputs, log } = await running;
    if (outputs['outcome'] !== 'rolled-back') throw new Error(`the action ended with ${outputs['outcome']}:\n${log}`);
  },
  'by name': async (laboratory, desk) => {
    await rollOutByHand(laboratory, desk);
    const { exitCode, log } = await desk.run('root', {
      ...{ deployment: 'web', release: '1.0', mode: 'rollback' },
      'rollback-config': 'monitor: 0s',
    });
    if (exitCode !== 0) throw new Error(`the action ended with ${exitCode}:\n${log}`);
  },
  kubectl: async (laboratory, desk) => {
    await rollOutByHand(laboratory, desk);
    const { kubectl, home } = laboratory;
    const { KUBECONFIG = '' } = environment(desk, home);
    const tool = kubectlTool(kubectl, home);
    const { passed, headline } = await attemptWith(tool.rollback(KUBECONFIG, { deployments: ['web'], release: '1.0' }));
    if (!passed) throw new Error(`the script failed: ${headline}`);
  },
};

async function rollOutByHand(laboratory: Laboratory, desk: Desk): Promise<void> {
  await desk.byHand.setImage('web', webImage('1.1'));
  await desk.byHand.annotate('web', { 'kubernetes.io/change-cause': '1.1' });
  await becomesIdle(laboratory, desk);
}

/** Waits until the rollout is complete, and takes its pods' page from them. */
async function becomesIdle({ kubectl, home }: Laboratory, desk: Desk): Promise<void> {
  await desk.complete();
  await onlyReplicas(desk);
  const env = environment(desk, home);
  const pods = await desk.pods();
  const take = ['rm', '/www/index.html'];
  await Promise.all(pods.map(({ metadata }) => run(kubectl, ['exec', metadata.name, '--', ...take], { env })));
  await eventually('pods that serve nobody', async () => ((await desk.deployment()).status.readyReplicas ?? 0) === 0);
}

async function onlyReplicas(desk: Desk): Promise<void> {
  await eventually('no pods but the wanted', async () => (await desk.pods()).length === replicas);
}
