import { describe, expect, test } from '@jest/globals';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

const MESSAGE = 'statefulset/db: 1.4.1 is held up by pod db-2 of another release';
const COMMAND = '> ```sh\n> kubectl delete pod db-2 -n shop\n> ```';

/** A rollback to 1.4.1 by name that a pod of 1.4.2 holds up. */
function heldUp(overrides: Partial<WorkloadResult> = {}): Result {
  const ended = { outcome: 'failed', reasonCode: 'held-up', mode: 'rollback', release: '1.4.1' } as const;
  const pods = { desired: 3, updated: 1, available: 2 };
  const waits = { ...{ workload: 'statefulset/db', message: MESSAGE, podInTheWay: 'db-2', pods }, timeline: [] };
  const workload = sampleWorkload({ ...ended, ...waits, previousRelease: '1.4.2', ...overrides });
  return sampleResult({
    ...ended,
    mode: workload.mode,
    message: MESSAGE,
    changed: workload.changed,
    workloads: [workload],
  });
}

describe('a pod of the release that is left is in the way', () => {
  test.each([true, false])('of a rollback by name (it wrote: %s): the command that deletes it, to copy', (changed) => {
    const summary = formatSummary(heldUp({ changed }));
    const [heading] = summary.split('\n');
    expect(heading).toBe(
      '### Held up: release `1.4.1` waits for a pod of another release on `statefulset/db` in namespace `shop`',
    );
    expect(summary).toContain(COMMAND);
    expect(summary).toContain('`forced-rollback: "true"`');
    expect(summary).not.toMatch(/Nothing was changed|Correct it|This run undid nothing/);
  });

  test('of a deploy: the way back is the other way out', () => {
    const told = (changed: boolean) => formatSummary(heldUp({ mode: 'deploy', release: '1.4.2', changed }));
    expect(told(true)).toContain('Then run this again, to see it to its end, or roll back as shown below.');
    expect(told(true)).toContain('  forced-rollback: "true"');
    expect(told(false)).toContain('Then run this again, to see it to its end. A run with');
  });

  test('of a rollout that ran out of time with it', () => {
    expect(formatSummary(heldUp({ outcome: 'timed-out', reasonCode: 'timeout' }))).toContain(COMMAND);
  });

  test('of the way back of a release that failed', () => {
    const rollback = { to: '1.4.1', state: 'failed', reasonCode: 'held-up', podInTheWay: 'db-2' } as const;
    const failed = { outcome: 'rollback-failed', reasonCode: 'container-crashed', release: '1.4.2' } as const;
    const { podInTheWay: _, ...workload } = sampleWorkload({
      ...{ ...failed, workload: 'statefulset/db', previousRelease: '1.4.1' },
      rollback: { ...rollback, message: 'the rollback to 1.4.1 failed: 1.4.1 is held up by pod db-2', seconds: 2 },
    });
    const summary = formatSummary(sampleResult({ ...failed, workloads: [workload] }));
    expect(summary).toContain(COMMAND);
    expect(summary).toContain('  forced-rollback: "true"');
  });

  test('of several workloads: all of them at once', () => {
    const [db] = heldUp().workloads;
    const workloads = db ? [db, { ...db, workload: 'statefulset/queue', podInTheWay: 'queue-0' }] : [];
    expect(formatSummary({ ...heldUp(), workloads })).toContain(
      '> kubectl delete pod db-2 -n shop\n> kubectl delete pod queue-0 -n shop\n',
    );
  });

  test('and gone once the way back is done', () => {
    const rollback = { to: '1.4.1', state: 'done', message: 'rolled back to 1.4.1', seconds: 2 } as const;
    const summary = formatSummary(heldUp({ outcome: 'rolled-back', rollback }));
    expect(summary).not.toContain('kubectl delete');
  });
});

test('a rollout that failed for another reason is told to delete nothing', () => {
  const { podInTheWay: _, ...workload } = sampleWorkload({ outcome: 'failed', reasonCode: 'container-crashed' });
  const failed = { outcome: 'failed', reasonCode: 'container-crashed', workloads: [workload] } as const;
  expect(formatSummary(sampleResult(failed))).not.toMatch(/kubectl delete|forced-rollback/);
});
