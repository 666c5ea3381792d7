import { describe, expect, test } from '@jest/globals';
import { readUpdateConfigs } from '../../src/inputs/update-config.ts';
import { actionOn } from '../../src/operations/failure-action.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import { limitFields } from '../../src/rollout/update-limits.ts';
import { request } from '../operations/shop.ts';
import { deploymentOf } from '../release/workload.ts';
import { ended, failedAt, judgeAll, type MomentOf, type PodAt, policyOf, restarted, waiting } from './story.ts';
import { actionAt, type SwarmTask } from './swarm-updater.ts';

// moby/swarmkit 3e72cb64: manager/orchestrator/update/updater.go, api/defaults/service.go.

const names = (count: number) => Array.from({ length: count }, (_, index) => `web-${index}`);
const invalid = waiting('InvalidImageName');

/** So many pods, of which the first ones cannot start. */
function pods(count: number, failed: number): readonly PodAt[] {
  return names(count).map((name, index) => (index < failed ? { name, app: invalid } : { name }));
}

function tasks(count: number, failed: number): readonly SwarmTask[] {
  return names(count).map((_, index) => (index < failed ? { endedAt: 5 } : { runningAt: 0 }));
}

describe('max_failure_ratio, as in Swarm', () => {
  test.each([0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 1])('%d: strictly more acts', (ratio) => {
    const grid = names(12).flatMap((_, index) =>
      names(index + 2).map((_name, failed) => ({ count: index + 1, failed })),
    );
    const ours = grid.map(({ count, failed }) =>
      failedAt(policyOf('strict', ratio), [
        { at: 0, replicas: count, pods: pods(count, 0) },
        { at: 5, replicas: count, pods: pods(count, failed) },
      ]),
    );
    const config = { monitor: 30, maxFailureRatio: ratio };
    expect(ours).toEqual(grid.map(({ count, failed }) => actionAt(tasks(count, failed), config, 0)));
  });

  test('what never ran counts whenever it fails', () => {
    const ours = failedAt(policyOf('strict'), [{ at: 500, pods: [{ app: invalid }] }]);
    expect([ours, actionAt([{ endedAt: 500 }], { monitor: 30, maxFailureRatio: 0 }, 500)]).toEqual([500, 500]);
  });

  test('an end with exit code 0 is a failure, too', () => {
    const done = [ended(0), ended(0, 1)].map((app, at): MomentOf => ({ at, pods: [{ app }] }));
    expect(failedAt(policyOf('strict'), done)).toBe(1);
  });

  test('what a restart puts in the place of a failed one counts no second time', () => {
    const again = [ended(3), ended(3, 1), ended(3, 2), ended(3, 3)].map(
      (app, at): MomentOf => ({ at, replicas: 4, pods: [{ name: 'web-0', app }, ...pods(4, 0).slice(1)] }),
    );
    expect(failedAt(policyOf('strict', 0.2), again)).toBe(2);
    expect(failedAt(policyOf('strict', 0.25), again)).toBeUndefined();
  });
});

describe('max_failure_ratio, otherwise than in Swarm', () => {
  test('one crash of a pod that starts is none: it is restarted in its place, and fail-fast says how often', () => {
    const crashed = [ended(3), restarted(3, 1)].map((app, at): MomentOf => ({ at, pods: [{ app }] }));
    expect(failedAt(policyOf('strict'), crashed)).toBeUndefined();
  });

  test('a pod that takes the place of a deleted one counts: Kubernetes has no slots, and a pod is another one', () => {
    const at = (seconds: number, name: string): MomentOf => ({
      ...{ at: seconds, replicas: 4 },
      pods: [{ name, app: invalid }, ...pods(4, 0).slice(1)],
    });
    expect(failedAt(policyOf('strict', 0.25), [at(1, 'web-0'), at(20, 'web-9')])).toBe(20);
  });

  test('the share is of the most pods wanted since one failed, not of those that there were to update: somebody may scale', () => {
    const at = (seconds: number, replicas: number, failed = 1) => ({ at: seconds, replicas, pods: pods(4, failed) });
    expect(failedAt(policyOf('strict', 0.25), [at(1, 4, 0), at(9, 3)])).toBe(9);
    expect(failedAt(policyOf('strict', 0.25), [at(1, 4), at(9, 3)])).toBeUndefined();
  });

  test('it is counted in 64 bits: Swarm takes a third and 0.33333333 for the same', () => {
    expect(actionAt(tasks(3, 1), { monitor: 30, maxFailureRatio: 0.333_333_33 }, 0)).toBeUndefined();
    const moments = [
      { at: 0, replicas: 3, pods: pods(3, 0) },
      { at: 5, replicas: 3, pods: pods(3, 1) },
    ];
    expect(failedAt(policyOf('strict', 0.333_333_33), moments)).toBe(5);
  });
});

describe('monitor', () => {
  const policy = policyOf('strict', 0, 30_000);
  const two = (at: number, first: PodAt, second: PodAt): MomentOf => ({ at, replicas: 2, pods: [first, second] });
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  const coming = { name: 'b', app: waiting('ContainerCreating') };

  test('as in Swarm: one more window after the last pod was ready, and no longer', () => {
    const judged = judgeAll(policy, [two(1, a, coming), two(20, a, b)]);
    expect(judged.map(({ quietAt }) => quietAt)).toEqual([undefined, 50_000]);
    expect(
      [50, 51].map((endedAt) =>
        actionAt([{ runningAt: 1 }, { runningAt: 20, endedAt }], { monitor: 30, maxFailureRatio: 0 }, 20),
      ),
    ).toEqual([50, undefined]);
  });

  test('otherwise than in Swarm: a pod whose own window is over still counts, as long as it is watched anyway', () => {
    const late = [{ runningAt: 1, endedAt: 45 }, { runningAt: 40 }];
    expect(actionAt(late, { monitor: 30, maxFailureRatio: 0 }, 40)).toBeUndefined();
    const done = (moment: MomentOf): MomentOf => ({ ...moment, completed: true });
    const moments = [two(1, a, coming), done(two(40, a, b)), done(two(45, { ...a, app: ended(3) }, b))];
    expect(failedAt(policy, moments)).toBe(45);
  });
});

describe('defaults', () => {
  test('those of Swarm, and where Rollkey has others', async () => {
    const { updateConfig, rollbackConfig } = await readUpdateConfigs({ update: '', rollback: '' });
    const swarm = { failureAction: 'pause', maxFailureRatio: 0, monitorMs: 5_000 };
    // A failed run that leaves two releases running is for those who ask for it; a window of 5 s misses what dies later.
    expect(updateConfig).toEqual({ ...swarm, failureAction: 'rollback', monitorMs: 15_000 });
    expect(rollbackConfig).toEqual({ ...swarm, monitorMs: 15_000 });
  });

  const own = { maxSurge: '50%', maxUnavailable: '25%' };
  const deployment = deploymentOf({}, { replicas: 8, strategy: { rollingUpdate: own } });
  test.each([
    ['parallelism 0 is all at once', { parallelism: 0 }, { maxSurge: 0, maxUnavailable: '100%' }],
    ['order is stop-first', { parallelism: 2 }, { maxSurge: 0, maxUnavailable: 2 }],
    ['start-first where it is asked for', { parallelism: 2, order: 'start-first' }, { maxSurge: 2, maxUnavailable: 0 }],
    // Swarm: one at a time. A Deployment has a size of its own, and nobody who left it out meant to change it.
    ['parallelism left out is the own size', { order: 'start-first' }, { maxUnavailable: 0 }],
    ['both left out change nothing', {}, {}],
  ] as const)('%s', (_, asked, fields) => {
    expect(limitFields(deployment, fieldsOf(deployment), asked).fields).toEqual(fields);
  });

  test('order is start-first where the Deployment lets no pod be missing', () => {
    const careful = deploymentOf({}, { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    expect(limitFields(careful, fieldsOf(careful), { parallelism: 2 }).fields).toEqual({ maxSurge: 2 });
  });
});

describe('failure_action', () => {
  const decided = { kind: 'decided', direction: 'none', versionChange: 'unknown', firstDeployment: false } as const;
  test.each([
    ['deploy', 'rollback', 'rollback'],
    ['deploy', 'pause', 'pause'],
    // As in Swarm, nobody acts on a failure; otherwise than there, the deadline still ends the wait.
    ['deploy', 'continue', 'none'],
    // "Never roll back a rollback" (updater.go); Swarm then pauses, which would keep the pods of the bad release.
    ['rollback', 'rollback', 'none'],
    ['rollback', 'pause', 'none'],
  ] as const)('%s, %s: %s', (mode, failureAction, action) => {
    const train = { kind: 'ready', release: '1.1', passedOver: [], steps: [], surveys: [] } as const;
    const decision = { ...decided, mode, alreadyLive: false, reason: '' };
    const { update } = request('1.1');
    const asked = { ...request('1.1'), update: { ...update, failureAction } };
    expect(actionOn({ ...train, mode: decision }, asked)).toBe(action);
  });
});
