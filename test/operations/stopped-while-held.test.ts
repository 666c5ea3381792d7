import { expect, test } from '@jest/globals';
import { stoppedWhileHeld, wentUnseen } from '../../src/operations/stopped-while-held.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import { sampleResult, sampleWorkload } from '../report/sample.ts';

const CANARY = { from: '1.4.1', pods: 1, beside: 10, size: '1' };

function held(name: string): WorkloadResult {
  const how = { outcome: 'paused', reasonCode: 'canary-held', canary: CANARY } as const;
  return sampleWorkload({ ...how, workload: `deployment/${name}` });
}

const BEFORE = sampleResult({
  ...{ outcome: 'paused', reasonCode: 'canary-held' },
  workloads: [held('web'), held('api'), sampleWorkload({ workload: 'deployment/db', outcome: 'unchanged' })],
});

function stopped(reasonCode: Result['reasonCode'], message: string): Result {
  return stoppedWhileHeld(BEFORE, sampleResult({ outcome: 'failed', reasonCode, message, workloads: [] }));
}

function pods({ workloads }: Result): readonly (number | undefined)[] {
  return workloads.map(({ canary }) => canary?.pods);
}

const GONE = 'not found; check its name and namespace';
const SCALED = 'no canary: it was scaled to 0 while one was held; scale it up, or abort the canary';

test.each<readonly [string, Result['reasonCode'], string, readonly (number | undefined)[], readonly string[]]>([
  ['nobody answers', 'cluster-unreachable', 'cluster c: no answer', [1, 1, undefined], ['web', 'api']],
  ['one is gone', 'cluster-not-found', `deployment shop/web: ${GONE}`, [undefined, 1, undefined], ['api']],
  ['its namespace is gone', 'cluster-not-found', `namespace shop: ${GONE}`, [undefined, undefined, undefined], []],
  ['one has no pods', 'preflight-refused', `deployment shop/web: ${SCALED}`, [0, 1, undefined], ['api']],
  ['another names it', 'preflight-refused', `deployment shop/webshop: ${SCALED}`, [1, 1, undefined], ['web', 'api']],
])('of a train, where %s, what else is held stays held', (_, reasonCode, problem, canaries, named) => {
  const result = stopped(reasonCode, problem);
  expect(pods(result)).toEqual(canaries);
  const [first, ...others] = result.message.split('; deployment/');
  expect([first, others.map((clause) => clause.split(':')[0])]).toEqual([problem, named]);
  expect(result).toMatchObject({ outcome: 'failed', reasonCode, previousRelease: '1.4.1', changed: true });
});

test.each<readonly [string, Partial<WorkloadResult>, boolean]>([
  ['is held', { outcome: 'paused', reasonCode: 'canary-held' }, true],
  ['was not waited for', { outcome: 'cancelled', reasonCode: 'cancelled' }, true],
  ['has it already', { outcome: 'unchanged', reasonCode: 'already-live' }, true],
  ['failed its check, and is left paused', { outcome: 'paused', reasonCode: 'check-failed' }, false],
  ['ran out of time', { outcome: 'timed-out', reasonCode: 'timeout' }, false],
])('a last look that could not see one workload, while another %s', (_, other, unseen) => {
  const how = { outcome: 'failed', reasonCode: 'cluster-unreachable' } as const;
  const workloads = [sampleWorkload(how), sampleWorkload({ ...other, workload: 'deployment/api' })];
  expect(wentUnseen(sampleResult({ ...how, changed: false, workloads }))).toBe(unseen);
});
