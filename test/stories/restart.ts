import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry, readLedger } from './ledger-book.ts';
import { deploy, roll, type Story, well } from './story.ts';

const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { COLOUR: 'blue' } };

/** 1.0, whose pods read their settings when they start. */
async function oneRelease(desk: Desk): Promise<void> {
  await desk.apply(SETTINGS);
  const container = { envFrom: [{ configMapRef: { name: 'settings' } }] };
  await desk.install({ image: webImage('0.9'), container });
  await well(deploy(desk, '1.0'));
}

function restart(desk: Desk) {
  return roll(desk, { release: '1.0', mode: 'redeploy' });
}

async function podsOf(desk: Desk): Promise<ReadonlySet<string>> {
  return new Set((await desk.pods()).map(({ metadata }) => metadata.uid));
}

export const restarts: readonly Story[] = [
  {
    title: 'a restart: every pod is new, the release and its bits are the same, and it is watched as a deploy is',
    tell: async (desk) => {
      await oneRelease(desk);
      const before = await podsOf(desk);
      const { outputs, log } = await well(restart(desk));
      expect(outputs).toMatchObject({
        outcome: 'succeeded',
        mode: 'redeploy',
        changed: 'true',
        'rolled-back': 'false',
      });
      expect(outputs).toMatchObject({ 'run-on-deploy': 'false', 'run-on-redeploy': 'true' });
      expect(log).toMatch(/2 of 2 pods available/);
      expect([...(await podsOf(desk))].filter((uid) => before.has(uid))).toEqual([]);
      await desk.answers('1.0');
      expect((await readLedger(desk))?.entries.map(({ release }) => release)).toEqual([
        `web=${webImage('0.9')}`,
        '1.0',
      ]);
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a restart that fails, since its settings are gone: the pods from before serve on, and nothing is blocked',
    tell: async (desk) => {
      await oneRelease(desk);
      const before = await podsOf(desk);
      await desk.api.send({ method: 'DELETE', path: `/api/v1/namespaces/${desk.namespace}/configmaps/settings` });
      const { exitCode, outputs, summary } = await restart(desk);
      expect([exitCode, outputs['outcome']]).toEqual([1, 'rolled-back']);
      expect(outputs).toMatchObject({ mode: 'redeploy', 'rolled-back-to': '1.0', 'blocked-release': '' });
      expect(summary).toContain('settings');
      await desk.complete();
      const after = await podsOf(desk);
      expect(after).toEqual(before);
      await desk.answers('1.0');
      expect(await readEntry(desk, '1.0')).toMatchObject({ verifiedAt: expect.any(String) });
    },
  },
];
