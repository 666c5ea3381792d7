import { expect, test } from '@jest/globals';
import { abortedResult } from '../../src/operations/canary-result.ts';
import type { Result } from '../../src/result.ts';
import { sampleResult, sampleWorkload } from '../report/sample.ts';

const workloads = [sampleWorkload({ release: '1.4.1', previousRelease: '1.4.2' })];
const ABORTED = 'deployment/web: the canary of 1.4.2 is aborted, 1.4.1 has 3 of 3 pods';

function told(overrides: Partial<Result>): string {
  return abortedResult(sampleResult({ outcome: 'succeeded', workloads, ...overrides })).message;
}

test('an abort says what it took back, why, and what of it is not blocked', () => {
  const block = { release: '1.4.2', reason: 'too slow', state: 'missing', problem: 'forbidden' } as const;
  const gate = { answer: 'not-asked', blocks: [block], warnings: [] } as const;
  expect(told({ reason: '' })).toBe(ABORTED);
  expect(told({ reason: 'too slow' })).toBe(`${ABORTED}; why: too slow`);
  expect(told({ reason: 'too slow', gate })).toMatch(
    /; why: too slow; the block of 1\.4\.2 is missing, so it may enter the next environment; to block it: gh workflow run/,
  );
});
