import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth } from './ledger-book.ts';
import { changeCauseOf, deploy, rollBack, type Story, well } from './story.ts';

export const foreignObjects: readonly Story[] = [
  {
    title: 'annotations, labels, replicas and strategy of others stay as they are',
    tell: async (desk) => {
      const labels = { team: 'shop', 'example.com/tier': 'front' };
      await desk.install({ image: webImage('0.9'), labels, annotations: { 'example.com/owner': 'ann' } });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      await desk.byHand.annotate('web', { 'example.com/ticket': 'T-1', 'example.com/owner': 'bob' });
      await desk.byHand.scale('web', 3);
      const before = await desk.complete();
      await well(rollBack(desk, '1.0'));
      await desk.answers('1.0');
      const { metadata, spec } = await desk.deployment();
      expect(metadata.labels).toEqual(before.metadata.labels);
      const expected = { ...before.metadata.annotations, 'kubernetes.io/change-cause': '1.0' };
      const revision = 'deployment.kubernetes.io/revision';
      expect({ ...metadata.annotations, [revision]: '' }).toEqual({ ...expected, [revision]: '' });
      expect({ ...spec, template: undefined }).toEqual({ ...before.spec, template: undefined });
      expect(spec.replicas).toBe(3);
    },
  },
  {
    title: 'a count that an autoscaler owns is left alone, and the autoscaler is named',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      await desk.api.json({
        method: 'PATCH',
        path: `/apis/apps/v1/namespaces/${desk.namespace}/deployments/web/scale?fieldManager=kube-controller-manager`,
        body: { spec: { replicas: 4 } },
        contentType: 'application/merge-patch+json',
      });
      await desk.complete();
      const { outputs, summary } = await well(rollBack(desk, '1.0'));
      expect(JSON.parse(outputs['result'] ?? '').workloads[0].owners).toEqual(['HorizontalPodAutoscaler']);
      expect(summary).toContain('HorizontalPodAutoscaler');
      expect((await desk.deployment()).spec.replicas).toBe(4);
      await desk.answers('1.0');
    },
  },
  {
    title: 'what Argo CD would put forward again is not rolled back, unless that is allowed',
    tell: async (desk) => {
      const tracking = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' };
      await desk.install({ image: webImage('0.9'), annotations: tracking });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      const before = await desk.deployment();
      const refused = await rollBack(desk, '1.0');
      expect([refused.exitCode, refused.outputs['reason-code']]).toEqual([1, 'preflight-refused']);
      expect(refused.outputs['message']).toContain('Argo CD');
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
      await well(rollBack(desk, '1.0', { 'allow-gitops-drift': 'true' }));
      await desk.answers('1.0');
      const { metadata } = await desk.deployment();
      expect(metadata.annotations).toMatchObject(tracking);
      expect(changeCauseOf({ metadata: { annotations: metadata.annotations ?? {} } })).toBe('1.0');
    },
  },
  {
    title: 'a field that the action’s own libraries have never heard of survives: an undo restores its old value',
    only: 'embedded',
    tell: async (desk) => {
      const field = desk.cluster.unknownField ?? '';
      const valueIn = ({ spec }: { spec: { template: { spec: object } } }) => Object(spec.template.spec)[field];
      await desk.install({ image: webImage('0.9'), podSpec: { [field]: 'first' } });
      await well(deploy(desk, '1.0'));
      await desk.byHand.patch('web', { spec: { template: { spec: { [field]: 'second' } } } });
      await well(deploy(desk, '1.1'));
      expect(valueIn(await desk.deployment())).toBe('second');
      await well(rollBack(desk, '1.0'));
      expect(valueIn(await desk.deployment())).toBe('first');
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
];
