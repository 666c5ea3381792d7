import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { canary, openCanaryGround, promotion } from './canary-ground.ts';

const ground = await openCanaryGround();
afterAll(() => ground.close());
beforeEach(() => ground.clear());

/** The machine of the run has a clock of its own. */
function portsAt(off: number): RollPorts {
  const { clock } = ground.ports;
  return { ...ground.ports, clock: { ...clock, now: () => clock.now() + off } };
}

describe.each([-60_000, 60_000])('on a machine whose clock is off by %d ms', (off) => {
  test('a canary whose container ended once as it started goes on', async () => {
    await ground.install('web', 2);
    ground.cluster.images.set('rollkey.test/web:1.1', { behaviour: { does: 'exit', exitCode: 1, times: 1 } });
    const { outcome } = await roll(portsAt(off), canary('1.1', [{ pods: 1 }], { holdMs: 1_000 }));
    expect(outcome).toBe('succeeded');
  });

  test('one that crashed while it was held does not', async () => {
    await ground.install('web', 2);
    const behaviour = { does: 'exit', exitCode: 1, servesMs: 2_000, times: 1 } as const;
    ground.cluster.images.set('rollkey.test/web:1.1', { behaviour });
    expect(await roll(portsAt(off), canary('1.1'))).toMatchObject({ reasonCode: 'canary-held' });
    const runsAgain = () =>
      ground.cluster.objects
        .list<Pod>('pods', 'shop')
        .some(({ status }) => status.containerStatuses?.some(({ restartCount, ready }) => restartCount > 0 && ready));
    await eventually(() => runsAgain() || undefined);
    const result = await roll(portsAt(off), promotion('all'));
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'container-crashed' });
  });
});
