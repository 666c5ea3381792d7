import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { FULL } from './least-rights.ts';
import { deploy, rollBack, type Story, well } from './story.ts';

const TWO_FIRST = 'order: start-first\nparallelism: 2\nmonitor: 0s';
const ONE_FIRST = 'order: start-first\nparallelism: 1\nmonitor: 0s';
const TWO_LAST = 'order: stop-first\nparallelism: 2\nmonitor: 0s';

const START = { image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } };

/** Lets the namespace have so many pods; resolves when those that are there are counted. */
async function limit(desk: Desk, pods: number, used: number): Promise<void> {
  await desk.surroundings.limitPods(pods);
  const path = `/api/v1/namespaces/${desk.namespace}/resourcequotas/pods`;
  await eventually('the count of the quota', async () => {
    const { status } = await desk.api.json<{ readonly status?: { readonly used?: { readonly pods?: string } } }>({
      path,
    });
    return status?.used?.pods === String(used);
  });
}

/** A run that changed nothing, and asked for nothing to be changed. */
async function refused(desk: Desk, running: () => Promise<ActionRun>, why: string): Promise<void> {
  const [before, since] = [await desk.deployment(), new Date()];
  const { exitCode, outputs, summary } = await running();
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'preflight-refused']);
  expect(outputs['message']).toContain(why);
  expect(summary).toContain('Nothing was changed');
  expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
  const asked = (await desk.requestsSince(since))?.map(({ verb }) => verb) ?? [];
  expect(asked.filter((verb) => !['get', 'list'].includes(verb))).toEqual([]);
}

export const neighbours: readonly Story[] = [
  {
    title: 'a quota too small for start-first: refused with the figures, before anything is changed; with room it goes',
    tell: async (desk) => {
      await desk.install(START);
      await limit(desk, 3, 2);
      await refused(
        desk,
        () => deploy(desk, '1.1', { 'update-config': TWO_FIRST }),
        `ResourceQuota ${desk.namespace}/pods has no room for order start-first: it needs 2 more pods (1 of 3 left)`,
      );
      await well(deploy(desk, '1.1', { 'update-config': ONE_FIRST }));
      await desk.answers('1.1');
    },
  },
  {
    title:
      'a quota too small for the largest size of a canary: refused before the first; with room it is held, and an autoscaler is warned of',
    tell: async (desk) => {
      await desk.install({ ...START, replicas: 4 });
      await limit(desk, 5, 4);
      await desk.apply({
        ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' } },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 4,
          maxReplicas: 8,
        },
      });
      await refused(
        desk,
        () => deploy(desk, '1.1', { canary: '1, 50%' }),
        `ResourceQuota ${desk.namespace}/pods has no room for the canary: it needs 2 more pods (1 of 5 left)`,
      );
      const { outputs, summary } = await well(deploy(desk, '1.1', { canary: '1' }));
      expect(outputs).toMatchObject({ outcome: 'paused', 'reason-code': 'canary-held' });
      expect(summary).toContain(`HorizontalPodAutoscaler ${desk.namespace}/web may scale it from 4 to 8 pods`);
      await well(rollBack(desk, ''));
    },
  },
  {
    title: 'without the right to list what stands beside it, a canary goes on: the log names the missing rule',
    tell: async (desk) => {
      await desk.install(START);
      const kubeconfig = await desk.kubeconfigFor(FULL);
      const { outputs, log } = await well(deploy(desk, '1.1', { canary: '1', kubeconfig }));
      expect(outputs['reason-code']).toBe('canary-held');
      for (const kind of ['horizontalpodautoscalers', 'resourcequotas'])
        expect(log).toMatch(new RegExp(`${kind} in ${desk.namespace}: forbidden .*; going on without a look at them`));
    },
  },
  {
    title: 'Flux would take back what holds a canary: refused, unless drift is allowed',
    tell: async (desk) => {
      await desk.install({ ...START, labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } });
      await refused(
        desk,
        () => deploy(desk, '1.1', { canary: '1' }),
        'is managed by Flux (kustomize.toolkit.fluxcd.io/name), which would take back what holds the canary',
      );
      const { outputs } = await well(deploy(desk, '1.1', { canary: '1', 'allow-gitops-drift': 'true' }));
      expect(outputs['reason-code']).toBe('canary-held');
    },
  },
  {
    title: 'a disruption budget that a rollout may fall below is warned of: rollouts do not ask it',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), replicas: 3 });
      await desk.apply({
        ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' } },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
      });
      const { summary, log } = await well(deploy(desk, '1.1', { 'update-config': TWO_LAST }));
      const warning = `PodDisruptionBudget ${desk.namespace}/web allows 1`;
      expect([log, summary].map((text) => text.includes(warning))).toEqual([true, true]);
      await desk.answers('1.1');
    },
  },
];
