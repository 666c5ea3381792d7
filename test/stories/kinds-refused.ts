import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { Result } from '../../src/result.ts';
import {
  completeSet,
  imageOfSet,
  installSet,
  type Kind,
  ledgerOfSet,
  NAMES,
  podsOfSet,
  rollSet,
} from './kinds-desk.ts';
import { rulesForSets } from './kinds-rights.ts';
import { without } from './least-rights.ts';
import { type Inputs, type Story, well } from './story.ts';

const imagesOf = (release: string) => ({ release, images: `web=${webImage(release)}` });
const strictly: Inputs = { ...imagesOf('1.1'), 'fail-fast': 'strict' };
const surging = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
const SAID = { statefulset: /FailedCreate .*Create Pod db-2 in StatefulSet db failed/i, daemonset: /Error creating: / };

const refuse = (desk: Desk) => desk.surroundings.refuseImage(webImage('1.1'), 'release 1.1 is not allowed here');

/** Told by its cause, which came long before the time was over, with what the controller said. */
function expectRefusal({ outputs, summary }: ActionRun, kind: Kind, code: string, message: RegExp): void {
  const { workloads } = JSON.parse(outputs['result'] ?? '') as Result;
  expect(outputs['reason-code']).toBe(code);
  expect(workloads[0]?.cause).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(workloads[0]?.evidence?.conditions).toContainEqual(
    expect.stringMatching(/^ReplicaFailure True FailedCreate: /),
  );
  expect(workloads[0]?.evidence?.events).toContainEqual(expect.stringMatching(SAID[kind]));
  expect(summary).toMatch(message);
}

async function expectBackOn(desk: Desk, kind: Kind, release: string): Promise<void> {
  await completeSet(desk, kind);
  expect(await imageOfSet(desk, kind)).toBe(webImage(release));
  await desk.answers(release, NAMES[kind]);
}

const denied = (kind: Kind): Story => ({
  title: `${kind}: a release whose pods are not admitted is taken back, and does not stand in the next one's way`,
  needsMachinery: true,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'));
    await refuse(desk);
    const since = new Date();
    const run = await rollSet(desk, kind, strictly);
    expect([run.exitCode, run.outputs['outcome']]).toEqual([1, 'rolled-back']);
    expectRefusal(run, kind, 'admission-denied', /no pod is admitted: .*release 1\.1 is not allowed here/);
    await expectBackOn(desk, kind, '1.0');
    await well(rollSet(desk, kind, { ...imagesOf('1.2'), 'fail-fast': 'strict' }));
    await desk.answers('1.2', NAMES[kind]);
    // To see it, to be certain, and for the evidence; on a busy machine some more, but not with every look.
    const lists = ((await desk.requestsSince(since)) ?? []).filter(({ path }) => path.endsWith('/events'));
    expect(lists.length).toBeLessThan(12);
  },
});

export const kindsRefused: readonly Story[] = [
  denied('statefulset'),
  denied('daemonset'),
  {
    title:
      'daemonset with maxSurge: a release for which the quota leaves no room is taken back, while the old one serves',
    tell: async (desk) => {
      await installSet(desk, 'daemonset', webImage('1.0'), surging);
      const before = (await podsOfSet(desk, 'daemonset')).map(({ metadata }) => metadata.uid);
      await desk.surroundings.limitPods(before.length);
      const run = await rollSet(desk, 'daemonset', strictly);
      expect([run.exitCode, run.outputs['outcome']]).toEqual([1, 'rolled-back']);
      expectRefusal(run, 'daemonset', 'quota-exceeded', /no pod can be made: exceeded quota: pods/);
      await expectBackOn(desk, 'daemonset', '1.0');
      expect((await podsOfSet(desk, 'daemonset')).map(({ metadata }) => metadata.uid)).toEqual(before);
    },
  },
  {
    title:
      'statefulset: a quota that takes no pod back either fails the rollback as well; once raised, the next release passes',
    tell: async (desk) => {
      await installSet(desk, 'statefulset', webImage('1.0'));
      await desk.surroundings.limitPods(2);
      const run = await rollSet(desk, 'statefulset', strictly);
      expect([run.exitCode, run.outputs['outcome']]).toEqual([1, 'rollback-failed']);
      expectRefusal(run, 'statefulset', 'quota-exceeded', /no pod can be made: exceeded quota: pods/);
      await desk.surroundings.limitPods(3);
      await well(rollSet(desk, 'statefulset', imagesOf('1.2')));
      await desk.answers('1.2', 'db');
      const bad = (await ledgerOfSet(desk, 'statefulset'))?.entries.find(({ release }) => release === '1.1');
      expect(bad).toMatchObject({ failedAt: expect.any(String) });
    },
  },
  {
    title: 'statefulset: without the right to list events the log says so once, and the time decides',
    needsMachinery: true,
    tell: async (desk) => {
      await installSet(desk, 'statefulset', webImage('1.0'));
      await refuse(desk);
      const kubeconfig = await desk.kubeconfigFor(without(rulesForSets, 'events list'));
      const timeout = paced(desk, '6s', '20s');
      const run = await rollSet(desk, 'statefulset', { ...strictly, kubeconfig, timeout });
      expect([run.exitCode, run.outputs['outcome'], run.outputs['reason-code']]).toEqual([1, 'rolled-back', 'timeout']);
      // On its way back it may have to ask again.
      const [before = ''] = run.log.split('ROLLING_BACK');
      expect(before.match(/forbidden to list .*going on without knowing why pods are not made/g)).toHaveLength(1);
      await expectBackOn(desk, 'statefulset', '1.0');
    },
  },
];
