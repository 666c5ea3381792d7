import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { readLedger } from './ledger-book.ts';
import { deploy, rollBack, type Story, well } from './story.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { COLOUR: 'blue' } };
const keys = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { KEY: 'hunter2' } };

export const preflight: readonly Story[] = [
  {
    title: 'a ConfigMap and a Secret of the old template are gone: said before anything is touched',
    tell: async (desk) => {
      await desk.apply(settings);
      await desk.apply(keys);
      await desk.install({
        image: webImage('1.0'),
        container: {
          envFrom: [{ configMapRef: { name: 'settings' } }, { configMapRef: { name: 'extras', optional: true } }],
          volumeMounts: [{ name: 'keys', mountPath: '/keys' }],
        },
        podSpec: { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] },
      });
      await well(deploy(desk, '1.0'));
      const container = { name: 'web', image: webImage('1.1'), envFrom: null, volumeMounts: null };
      await desk.byHand.patch('web', { spec: { template: { spec: { containers: [container], volumes: null } } } });
      await desk.complete();
      await well(deploy(desk, '1.1'));
      for (const path of ['configmaps/settings', 'secrets/keys']) {
        await desk.api.json({ method: 'DELETE', path: `/api/v1/namespaces/${desk.namespace}/${path}` });
      }

      const [before, ledger, since] = [await desk.deployment(), await readLedger(desk), new Date()];
      const { exitCode, outputs, summary } = await rollBack(desk, '1.0');
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'preflight-refused']);
      expect(outputs['message']).toContain(`ConfigMap ${desk.namespace}/settings`);
      expect(outputs['message']).toContain(`Secret ${desk.namespace}/keys`);
      expect(outputs['message']).not.toContain('extras');
      expect(summary).toContain('Nothing was changed');
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
      expect(await readLedger(desk)).toEqual(ledger);
      const asked = (await desk.requestsSince(since))?.map(({ verb }) => verb) ?? [];
      expect(asked.filter((verb) => !['get', 'list'].includes(verb))).toEqual([]);
      await desk.answers('1.1');

      await desk.apply(settings);
      await desk.apply(keys);
      await well(rollBack(desk, '1.0'));
      await desk.answers('1.0');
    },
  },
];
