import { expect } from '@jest/globals';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import {
  completeSet,
  imageOfSet,
  installSet,
  type Kind,
  ledgerOfSet,
  NAMES,
  patchSet,
  podsOfSet,
  readSet,
  revisionsOfSet,
  rollSet,
} from './kinds-desk.ts';
import { changeCauseOf, type Story, well } from './story.ts';

const imagesOf = (release: string) => ({ release, images: `web=${webImage(release)}` });
const crashing = (release: string) => ({ release, images: `web=${webImage(release, 'crash')}`, 'fail-fast': 'strict' });

const forwardAndBack = (kind: Kind): Story => ({
  title: `${kind}: forward twice and back by name, on the revision that was there`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'));
    const since = new Date();
    for (const release of ['1.1', '1.2']) {
      const { outputs, summary } = await well(rollSet(desk, kind, imagesOf(release)));
      expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', release, changed: 'true' });
      expect(summary).toContain(`\`${kind}/${NAMES[kind]}\``);
      await desk.answers(release, NAMES[kind]);
    }
    expect(await revisionsOfSet(desk, kind)).toEqual({ 1: '1.0', 2: '1.1', 3: '1.2' });
    const { outputs } = await well(rollSet(desk, kind, { release: '1.1', mode: 'rollback' }));
    expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', 'previous-release': '1.2', revision: '4' });
    await desk.answers('1.1', NAMES[kind]);
    expect(await revisionsOfSet(desk, kind)).toEqual({ 1: '1.0', 3: '1.2', 4: '1.1' });
    expect(changeCauseOf(await completeSet(desk, kind))).toBe('1.1');
    const entries = (await ledgerOfSet(desk, kind))?.entries ?? [];
    expect(entries.map(({ release, verifiedAt, replicaSet }) => [release, Boolean(verifiedAt && replicaSet)])).toEqual([
      ['1.0', true],
      ['1.1', true],
      ['1.2', true],
    ]);
    const asked = (await desk.requestsSince(since)) ?? [];
    expect(asked.filter(({ path }) => /\/(deployments|replicasets)/.test(path))).toEqual([]);
  },
});

const failsAndGoesBack = (kind: Kind, title: string, spec: object, forced: string): Story => ({
  title: `${kind}${title}: a release that crashes is taken back by itself`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'), spec);
    const { exitCode, outputs } = await rollSet(desk, kind, { ...crashing('1.1'), 'forced-rollback': forced });
    expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'container-crashed']);
    expect(outputs).toMatchObject({ 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
    await completeSet(desk, kind);
    expect(await imageOfSet(desk, kind)).toBe(webImage('1.0'));
    await desk.answers('1.0', NAMES[kind]);
    expect((await ledgerOfSet(desk, kind))?.entries).toMatchObject([
      { release: '1.0', verifiedAt: expect.any(String) },
      { release: '1.1', failedAt: expect.any(String) },
    ]);
  },
});

const restarts = (kind: Kind): Story => ({
  title: `${kind}: a redeploy replaces every pod on the same bits`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'));
    await well(rollSet(desk, kind, imagesOf('1.1')));
    const before = (await podsOfSet(desk, kind)).map(({ metadata }) => metadata.uid);
    const { outputs } = await well(rollSet(desk, kind, { release: '1.1', mode: 'redeploy' }));
    expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'redeploy', release: '1.1' });
    const after = (await podsOfSet(desk, kind)).map(({ metadata }) => metadata.uid);
    expect(after).toHaveLength(before.length);
    expect(after.filter((uid) => before.includes(uid))).toEqual([]);
    await desk.answers('1.1', NAMES[kind]);
  },
});

const comesBackFromTheLedger = (kind: Kind): Story => ({
  title: `${kind}: a release whose revision Kubernetes has dropped comes back from the ledger`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'), { revisionHistoryLimit: 0 });
    for (const release of ['1.1', '1.2']) await well(rollSet(desk, kind, imagesOf(release)));
    await eventually('the old revisions to go', async () => {
      return Object.values(await revisionsOfSet(desk, kind)).join() === '1.2' ? true : undefined;
    });
    const { outputs } = await well(rollSet(desk, kind, { release: '1.1', mode: 'rollback' }));
    expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(JSON.parse(outputs['result'] ?? '').workloads).toMatchObject([{ source: 'ledger-snapshot' }]);
    await desk.answers('1.1', NAMES[kind]);
  },
});

const waitsForDeletions = (kind: Kind): Story => ({
  title: `${kind} with OnDelete: refused before anything is touched`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'), { updateStrategy: { type: 'OnDelete' } });
    const before = await readSet(desk, kind);
    for (const inputs of [imagesOf('1.1'), { release: '1.0', mode: 'redeploy' }]) {
      const { exitCode, outputs } = await rollSet(desk, kind, inputs);
      expect([exitCode, outputs['reason-code'], outputs['changed']]).toEqual([1, 'preflight-refused', 'false']);
      expect(outputs['message']).toMatch(/OnDelete.*set spec\.updateStrategy\.type to RollingUpdate/);
    }
    expect((await readSet(desk, kind)).metadata.generation).toBe(before.metadata.generation);
    expect(await ledgerOfSet(desk, kind)).toBeUndefined();
  },
});

const KINDS = ['statefulset', 'daemonset'] as const;

export const kinds: readonly Story[] = [
  ...KINDS.map(forwardAndBack),
  ...KINDS.map(restarts),
  ...KINDS.map(comesBackFromTheLedger),
  ...KINDS.map(waitsForDeletions),
  failsAndGoesBack('daemonset', '', {}, 'false'),
  failsAndGoesBack(
    'statefulset',
    ' whose pods do not wait for one another',
    { podManagementPolicy: 'Parallel' },
    'false',
  ),
  failsAndGoesBack('statefulset', ' with forced-rollback', {}, 'true'),
  {
    title: 'statefulset with a partition: done when the pods from there on are, which is said',
    tell: async (desk) => {
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
      await installSet(desk, 'statefulset', webImage('1.0'), { updateStrategy });
      const { outputs } = await well(rollSet(desk, 'statefulset', imagesOf('1.1')));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
      expect(outputs['message']).toMatch(/2 of 2 pods available; those with ordinals below 1 stay as they are/);
      const running = (await podsOfSet(desk, 'statefulset')).map(({ metadata, spec }) => [
        metadata.name,
        spec?.containers?.[0]?.image,
      ]);
      expect(Object.fromEntries(running)).toEqual({
        'db-0': webImage('1.0'),
        'db-1': webImage('1.1'),
        'db-2': webImage('1.1'),
      });
      await patchSet(desk, 'statefulset', { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
      await completeSet(desk, 'statefulset');
      await desk.answers('1.1', 'db');
    },
  },
  {
    title: 'statefulset: plan shows its diff, history its releases, and nothing is changed',
    tell: async (desk) => {
      await installSet(desk, 'statefulset', webImage('1.0'));
      await well(rollSet(desk, 'statefulset', imagesOf('1.1')));
      const before = await readSet(desk, 'statefulset');
      const plan = await well(desk.run('plan', { deployment: 'sts/db', ...imagesOf('1.2') }));
      expect(plan.outputs).toMatchObject({ outcome: 'planned', mode: 'deploy', 'previous-release': '1.1' });
      expect(plan.summary).toContain(`+          image: ${webImage('1.2')}`.trim().slice(1).trim());
      const history = await well(desk.run('history', { deployment: 'statefulset/db' }));
      expect(history.outputs).toMatchObject({ 'live-release': '1.1', 'last-good-release': '1.1' });
      expect(JSON.parse(history.outputs['history'] ?? '')).toMatchObject([
        { workload: 'statefulset/db', release: '1.1', revision: '2', restorable: 'replica-set', live: true },
        { workload: 'statefulset/db', release: '1.0', revision: '1', restorable: 'replica-set', live: false },
      ]);
      expect((await readSet(desk, 'statefulset')).metadata.generation).toBe(before.metadata.generation);
    },
  },
  {
    title: 'statefulset: what only a Deployment can lend is not applied, and that is said',
    tell: async (desk) => {
      await installSet(desk, 'statefulset', webImage('1.0'));
      const config = { 'update-config': '{ parallelism: 2, order: start-first, delay: 1s, monitor: 0s }' };
      const { outputs, log } = await well(rollSet(desk, 'statefulset', { ...imagesOf('1.1'), ...config }));
      expect(outputs['outcome']).toBe('succeeded');
      expect(log).toContain('parallelism, delay, order is not applied: only a Deployment lends its limits');
      expect(await ledgerOfSet(desk, 'statefulset')).not.toHaveProperty('loan');
    },
  },
];
