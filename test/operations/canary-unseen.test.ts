import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { type CanaryGround, canary, openCanaryGround, promotion, returned } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

/** A watch of pods may be refused for a second and more, with everything else answered: an API server that starts does so. */
function withoutPodWatch(): { readonly ports: RollPorts; readonly reads: () => number } {
  const { cluster } = ground.ports;
  let reads = 0;
  const listPods: typeof cluster.listPods = (...about) => {
    reads += 1;
    return cluster.listPods(...about);
  };
  const follow: typeof cluster.follow = async function* (following, signal, known) {
    if (following.resource !== 'pods') yield* cluster.follow(following, signal, known);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };
  return { ports: { ...ground.ports, cluster: { ...cluster, listPods, follow } }, reads: () => reads };
}

const newPods = () =>
  ground.cluster.objects
    .list<Pod>('pods', 'shop')
    .filter(({ spec }) => spec.containers.some(({ image }) => image.includes('1.1')));

test.each([
  ['that crashed while it was held is not let go on', '1.1-once', 'rolled-back'],
  ['that is well is', '1.1', 'succeeded'],
])('a canary whose pods no watch tells of: one %s', async (_, tag, outcome) => {
  await ground.install('web', 4);
  const images = `web=rollkey.test/web:${tag}`;
  expect(await roll(ground.ports, canary('1.1', [{ pods: 2 }], { images }))).toMatchObject({ outcome: 'paused' });
  const restarts = tag === '1.1' ? 0 : 1;
  const areBack = () =>
    newPods().every(({ status }) => status.containerStatuses?.[0]?.restartCount === restarts) &&
    ground.pods()[tag] === 2;
  await eventually(() => areBack() || undefined);
  const { ports, reads } = withoutPodWatch();
  expect(await roll(ports, promotion('all'))).toMatchObject({ outcome });
  expect([ground.pods(), await returned(ground)]).toEqual([
    outcome === 'succeeded' ? { [tag]: 4 } : { '1.0': 4 },
    true,
  ]);
  expect(reads()).toBeGreaterThan(0);
});
