import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { abort, held, promote } from './canary-desk.ts';
import {
  completeSet,
  imageOfSet,
  installSet,
  ledgerOfSet,
  patchSet,
  podsOfSet,
  readSet,
  rollSet,
} from './kinds-desk.ts';
import { type Inputs, isWrite, type Story, well } from './story.ts';

const SET = 'statefulset';
const DB = { deployment: 'statefulset/db' };

/** Deploys 1.1 as a canary of these sizes. */
function begin(desk: Desk, canary: string, inputs: Inputs = {}) {
  return rollSet(desk, SET, { release: '1.1', images: `web=${webImage('1.1')}`, canary, ...inputs });
}

/** The release that each pod runs, in their order. */
async function releases(desk: Desk): Promise<readonly string[]> {
  const pods = [...(await podsOfSet(desk, SET))].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return pods.map(({ spec }) => spec?.containers?.[0]?.image?.replace(webImage(''), '') ?? '');
}

async function partition(desk: Desk): Promise<number> {
  return (await readSet(desk, SET)).spec.updateStrategy?.rollingUpdate?.partition ?? 0;
}

/** All pods run this release, and nothing is lent any more. */
async function expectOver(desk: Desk, release: string): Promise<void> {
  await completeSet(desk, SET);
  expect([await releases(desk), await partition(desk)]).toEqual([[release, release, release], 0]);
  const ledger = await ledgerOfSet(desk, SET);
  expect(ledger).not.toHaveProperty('loan');
  expect(ledger).not.toHaveProperty('canary');
}

export const kindsCanary: readonly Story[] = [
  {
    title:
      'statefulset: a canary is its last pods, one size after the other, and goes on when the release is run again',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      const first = await held(begin(desk, '1, 2'));
      expect(first.outputs['message']).toMatch(/1\.1 is held as a canary, 1 pod beside 2 of 1\.0; promote\//);
      expect([await releases(desk), await partition(desk)]).toEqual([['1.0', '1.0', '1.1'], 2]);
      await held(promote(desk, DB));
      expect([await releases(desk), await partition(desk)]).toEqual([['1.0', '1.1', '1.1'], 1]);
      const { outputs } = await well(rollSet(desk, SET, { release: '1.1' }));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
      await expectOver(desk, '1.1');
    },
  },
  {
    title: 'statefulset: a canary that is aborted leaves the pods before it alone',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      await held(begin(desk, '2'));
      const [stays] = (await podsOfSet(desk, SET)).filter(({ metadata }) => metadata.name === 'db-0');
      const { outputs } = await well(abort(desk, DB));
      expect(outputs).toMatchObject({ outcome: 'aborted', 'reason-code': 'canary-aborted', release: '1.0' });
      await expectOver(desk, '1.0');
      const uids = (await podsOfSet(desk, SET)).map(({ metadata }) => metadata.uid);
      expect(uids).toContain(stays?.metadata.uid);
    },
  },
  {
    title: 'statefulset: a canary that crashes is taken back by itself, and no other pod was touched',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      const before = (await podsOfSet(desk, SET)).filter(({ metadata }) => metadata.name !== 'db-2');
      const bad = { images: `web=${webImage('1.1', 'crash')}`, 'fail-fast': 'strict', 'forced-rollback': 'true' };
      const { exitCode, outputs } = await begin(desk, '1', bad);
      expect([exitCode, outputs['outcome'], outputs['rolled-back-to']]).toEqual([1, 'rolled-back', '1.0']);
      await expectOver(desk, '1.0');
      const uids = (await podsOfSet(desk, SET)).map(({ metadata }) => metadata.uid);
      expect(uids).toEqual(expect.arrayContaining(before.map(({ metadata }) => metadata.uid)));
    },
  },
  {
    title: 'statefulset: whoever puts the old image back by hand while a canary is held gets its partition back',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      await held(begin(desk, '1'));
      const containers = [{ name: 'web', image: webImage('1.0') }];
      await patchSet(desk, SET, { spec: { template: { spec: { containers } } } });
      await well(rollSet(desk, SET, { release: '1.2', images: `web=${webImage('1.2')}` }));
      await expectOver(desk, '1.2');
    },
  },
  {
    title: 'statefulset: another release takes the place of a held canary in one patch, and is held in its turn',
    tell: async (desk) => {
      await installSet(desk, SET, webImage('1.0'));
      await held(begin(desk, '1'));
      const since = new Date();
      await held(begin(desk, '2', { release: '1.2', images: `web=${webImage('1.2')}` }));
      expect([await releases(desk), await partition(desk)]).toEqual([['1.0', '1.2', '1.2'], 1]);
      const patches = (await desk.requestsSince(since))?.filter(isWrite);
      if (patches) expect(patches).toHaveLength(1);
      await well(promote(desk, { ...DB, to: 'all' }));
      await expectOver(desk, '1.2');
    },
  },
  {
    title: 'no canary: not beside a partition that somebody set, and not in a DaemonSet',
    tell: async (desk) => {
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
      await installSet(desk, SET, webImage('1.0'), { updateStrategy });
      await installSet(desk, 'daemonset', webImage('1.0'));
      const own = await begin(desk, '1');
      expect([own.exitCode, own.outputs['reason-code']]).toEqual([1, 'preflight-refused']);
      expect(own.outputs['message']).toMatch(/no canary: it has a partition of its own, 1; set it to 0/);
      const none = await rollSet(desk, 'daemonset', { release: '1.1', images: `web=${webImage('1.1')}`, canary: '1' });
      expect(none.outputs['message']).toContain('no canary: a DaemonSet can hold none; leave canary out');
      expect([await imageOfSet(desk, SET), await imageOfSet(desk, 'daemonset')]).toEqual([
        webImage('1.0'),
        webImage('1.0'),
      ]);
    },
  },
];
