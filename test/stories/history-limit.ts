import { expect } from '@jest/globals';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { changeCauseOf, deploy, imageOf, roll, rollBack, type Story, well } from './story.ts';

export const historyLimit: readonly Story[] = [0, 1].map((limit) => ({
  title: `revisionHistoryLimit ${limit} and five releases: back to the first, restored from the ledger`,
  tell: async (desk) => {
    await desk.install({ image: webImage('0.9'), replicas: 1, spec: { revisionHistoryLimit: limit } });
    for (const release of ['1.0', '1.1', '1.2', '1.3', '1.4']) await well(deploy(desk, release));
    const left = await eventually('the end of old ReplicaSets', async () => {
      const replicaSets = await desk.replicaSets();
      return replicaSets.length === limit + 1 ? replicaSets : undefined;
    });
    expect(left.map(imageOf)).not.toContain(webImage('1.0'));

    const { outputs } = await well(rollBack(desk, '1.0'));
    expect(outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.4', 'rolled-back-to': '1.0' });
    expect(JSON.parse(outputs['result'] ?? '').workloads[0].source).toBe('ledger-snapshot');
    await desk.answers('1.0');
    expect(changeCauseOf(await desk.deployment())).toBe('1.0');
    const restored = (await desk.replicaSets()).find(({ spec }) => spec.replicas > 0);
    expect((await readEntry(desk, '1.0'))?.replicaSet?.uid).toBe(restored?.metadata.uid);

    await well(roll(desk, { release: '1.2' }));
    await desk.answers('1.2');
    await expectOneTruth(desk);
  },
}));
