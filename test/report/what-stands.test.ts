import { expect, test } from '@jest/globals';
import { headline } from '../../src/report/headline.ts';
import { nextStep } from '../../src/report/next-step.ts';
import { PLAIN } from '../../src/report/show.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { workloadsTable } from '../../src/report/workloads-table.ts';
import type { AutomaticRollback, Result, WorkloadResult } from '../../src/result.ts';
import { sampleResult, sampleWorkload } from './sample.ts';
import { CRASH, SAMPLE_FAILURES } from './sample-failures.ts';
import { stoppedRun } from './sample-gate.ts';

const WEB = 'on deployment/web in namespace shop';

/** A failed run of a sample, with its one workload otherwise. */
function otherwise(result: Result, workload: Partial<WorkloadResult>, more: Partial<Result> = {}): Result {
  return { ...result, ...more, workloads: result.workloads.map((each) => ({ ...each, ...workload })) };
}

function rowOf(result: Result): string {
  return workloadsTable(result.workloads, result).split('\n').at(-1) ?? '';
}

/** A rollback by name that failed: the pods of what was to be left serve on. */
const failedRollback = (pods: Partial<WorkloadResult['pods']> = {}) => {
  const ended = { outcome: 'failed', reasonCode: 'container-crashed', mode: 'rollback', release: '1.4.1' } as const;
  const left = { previousRelease: '1.4.2', previousLabel: '1.4.2', lastGoodRelease: '1.4.2' } as const;
  const { previousLabel: _, ...before } = left;
  const counted = { desired: 3, updated: 1, available: 0, ...pods };
  return sampleResult({
    ...{ ...ended, ...before },
    workloads: [sampleWorkload({ ...ended, ...left, cause: CRASH, pods: counted, seconds: 31 })],
  });
};

test('a rollback that fails is called one, and says what serves on', () => {
  const result = failedRollback({ oldAvailable: 3 });
  expect(headline(result, PLAIN)).toBe(
    `Rollback failed: release 1.4.1 did not become available ${WEB} – container app exits 3, 4 restarts (on 2 pods)`,
  );
  expect(nextStep(result)).toBe(
    'After 31s, 0 of 3 pods of `1.4.1` are available; 3 pods of `1.4.2` still are. This run undid nothing: fix the cause and run again, or go on as shown below.',
  );
  expect(nextStep(failedRollback())).toMatch(/^After 31s, 0 of 3 pods are available\. /);
});

test('so does an automatic one', () => {
  const result = otherwise(SAMPLE_FAILURES.rollbackFailed, {
    pods: { desired: 3, updated: 2, available: 2, oldAvailable: 1 },
  });
  expect(nextStep(result)).toContain('2 of 3 pods of `1.4.2` are available; 1 pod of `1.5.0` still is.');
});

test('what the API server kept us from seeing is not told by counts from before', () => {
  const pods = { desired: 3, updated: 3, available: 3, unseen: true } as const;
  const result = sampleResult({
    ...{ outcome: 'failed', reasonCode: 'cluster-unreachable' },
    workloads: [
      sampleWorkload({ outcome: 'failed', reasonCode: 'cluster-unreachable', pods, revision: '', seconds: 50 }),
    ],
  });
  expect(rowOf(result)).toBe('| `deployment/web` | **failed** | `1.4.1` → `1.4.2` |  | not seen | 50s |');
  const stuck = otherwise(SAMPLE_FAILURES.rollbackFailed, { pods });
  expect(nextStep(stuck)).toMatch(/^After 43s, how its pods are was not seen\. /);
});

test('what is blocked and stays is not to be run again: the gate would stop it', () => {
  const block = { release: '1.5.0', state: 'written', id: 4711, reason: 'crashed', problem: '' } as const;
  const gate = { ...SAMPLE_FAILURES.nothingToReturnTo.gate, blocks: [block] };
  const blocked = { ...SAMPLE_FAILURES.nothingToReturnTo, gate };
  const told =
    'Fix it and deploy that as a new release. If `1.5.0` is not to blame, unblock it as shown below; until then the gate stops it, in a re-run, too.';
  expect(nextStep(blocked)).toBe(`After 31s, 0 of 3 pods are available. ${told}`);
  const again = { ...blocked, changed: false };
  expect(headline(again, PLAIN)).toBe(
    `Failed and not rolled back: release 1.5.0, which is live, does not become available ${WEB} – container app exits 3, 4 restarts (on 2 pods): "boom"`,
  );
  expect(nextStep(again)).toBe(`After 31s, 0 of 3 pods are available. ${told}`);
});

test.each<readonly [string, Result, Partial<AutomaticRollback>, string, 'are' | 'were']>([
  ['written and stuck', SAMPLE_FAILURES.rollbackFailed, { reasonCode: 'admission-denied' }, ' → `1.4.2`', 'were'],
  ['not written', SAMPLE_FAILURES.rollbackFailed, {}, '', 'are'],
  ['cut off', SAMPLE_FAILURES.cancelledOnTheWayBack, {}, ' → `1.4.2`', 'were'],
])('the table follows a way back that was %s', (_, result, more, station, tense) => {
  const [{ rollback } = {}] = result.workloads;
  const turned = otherwise(result, rollback ? { rollback: { ...rollback, ...more } } : {});
  expect(rowOf(turned)).toContain(`| \`1.4.2\` → \`1.5.0\`${station} |`);
  expect(formatSummary(turned)).toContain(`Pods of deployment/web that ${tense} not ready`);
});

test('a deadline that ended the wait is told before what was waited for', () => {
  const cause = { ...CRASH, message: 'not ready: web-x', deadline: 'not complete after 20 s' };
  const late = otherwise(SAMPLE_FAILURES.badNode, { cause }, { reasonCode: 'timeout' });
  expect(headline(late, PLAIN)).toContain(`${WEB} – not complete after 20 s: not ready: web-x`);
  expect(formatSummary(late)).toContain('**Cause:** `deployment/web`: not complete after 20 s: not ready: web-x');
  // Which is what such a run is called by.
  const timedOut = otherwise(late, { outcome: 'timed-out' }, { outcome: 'timed-out' });
  expect(headline(timedOut, PLAIN)).toMatch(/^Timed out: release 1\.5\.0 is not complete on .* – not ready: web-x/);
});

test('a check that could not tell has not failed, and what it could not verify did not succeed', () => {
  const [check] = SAMPLE_FAILURES.checkInconclusive.checks;
  const checks = check ? [{ ...check, failures: 3 }] : [];
  const result = { ...SAMPLE_FAILURES.checkInconclusive, checks };
  const summary = formatSummary(result);
  expect(summary).toContain('| `error rate` | **inconclusive** | 0 passed, 3 could not tell |');
  expect(rowOf(result)).toContain('| **not verified** |');
});

test('a rollback that the gate stopped says where else it may go', () => {
  const stopped = (mode: 'rollback' | 'deploy') => nextStep({ ...stoppedRun(), mode });
  const elsewhere = 'Without the input `release` a rollback goes to the last good release that is not blocked.';
  expect(stopped('rollback')).toContain(elsewhere);
  expect(stopped('deploy')).not.toContain(elsewhere);
});
