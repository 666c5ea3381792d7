import { expect, test } from '@jest/globals';
import { addCounts, formatCounts } from '../../scripts/test/counts.ts';
import { readReport } from '../../scripts/test/jest.ts';

const report = (numbers: object) => JSON.stringify(numbers);

test.each([
  ['passes', report({ numPassedTests: 3 }), true, { passed: 3, failed: 0, skipped: 0 }],
  [
    'failures, pending and todo tests',
    report({ numPassedTests: 1, numFailedTests: 2, numPendingTests: 3, numTodoTests: 4 }),
    false,
    { passed: 1, failed: 2, skipped: 7 },
  ],
  [
    'files that could not run',
    report({ numPassedTests: 1, numRuntimeErrorTestSuites: 2 }),
    false,
    { passed: 1, failed: 2, skipped: 0 },
  ],
  [
    'a run that failed without a failed test',
    report({ numPassedTests: 5 }),
    false,
    { passed: 5, failed: 1, skipped: 0 },
  ],
  ['a run that left no report', '{}', false, { passed: 0, failed: 1, skipped: 0 }],
])('counts %s', (_title, json, succeeded, counts) => {
  expect(readReport(json, succeeded)).toEqual(counts);
});

test('the closing line sums up, and names skipped tests only if there are some', () => {
  const counts = addCounts({ passed: 1, failed: 2, skipped: 0 }, { passed: 3, failed: 0, skipped: 0 });
  expect(formatCounts(counts)).toBe('4 passed, 2 failed');
  expect(formatCounts({ ...counts, skipped: 1 })).toBe('4 passed, 2 failed, 1 skipped');
});
