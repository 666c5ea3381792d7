import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { deploy, type Story, well } from './story.ts';

const TWO_FIRST = 'order: start-first\nparallelism: 2\nmonitor: 0s';
const ONE_FIRST = 'order: start-first\nparallelism: 1\nmonitor: 0s';
const TWO_LAST = 'order: stop-first\nparallelism: 2\nmonitor: 0s';

/** Lets the namespace have so many pods, of which some are used; the embedded cluster keeps no count of its own. */
async function limit(desk: Desk, pods: number, used: number): Promise<void> {
  await desk.surroundings.limitPods(pods);
  if (desk.cluster.kind !== 'embedded') return;
  const body = { status: { hard: { pods: String(pods) }, used: { pods: String(used) } } };
  const path = `/api/v1/namespaces/${desk.namespace}/resourcequotas/pods/status`;
  await desk.api.json({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
}

export const neighbours: readonly Story[] = [
  {
    title: 'a quota too small for start-first: refused with the figures, before anything is changed; with room it goes',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      await limit(desk, 3, 2);
      const [before, since] = [await desk.deployment(), new Date()];
      const { exitCode, outputs, summary } = await deploy(desk, '1.1', { 'update-config': TWO_FIRST });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'preflight-refused']);
      expect(outputs['message']).toContain(
        `ResourceQuota ${desk.namespace}/pods has no room for order start-first: it needs 2 more pods (1 of 3 left)`,
      );
      expect(summary).toContain('Nothing was changed');
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
      const asked = (await desk.requestsSince(since))?.map(({ verb }) => verb) ?? [];
      expect(asked.filter((verb) => !['get', 'list'].includes(verb))).toEqual([]);

      await well(deploy(desk, '1.1', { 'update-config': ONE_FIRST }));
      await desk.answers('1.1');
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
