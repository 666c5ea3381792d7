import { describe, expect, test } from '@jest/globals';
import { toAnnotations } from '../../src/report/annotations.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result } from '../../src/result.ts';
import { HOSTILE } from './hostile.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

const ABORTED = {
  outcome: 'aborted',
  reasonCode: 'canary-aborted',
  mode: 'rollback',
  release: '1.4.1',
  previousRelease: '1.4.2',
} as const;

function aborted(overrides: Partial<Result> = {}): Result {
  const workloads = [sampleWorkload({ ...ABORTED, timeline: [] })];
  return sampleResult({ ...ABORTED, message: 'the canary of 1.4.2 is aborted', workloads, ...overrides });
}

const MISSING: Result['gate'] = {
  ...{ answer: 'not-asked', warnings: [] },
  blocks: [{ release: '1.4.2', reason: 'slow', state: 'missing', problem: 'the token may not write deployments' }],
};

const heading = (result: Result) => formatSummary(result).split('\n')[0];

test('of a train names what was aborted, and not what had no canary', () => {
  const unchanged = { outcome: 'unchanged', reasonCode: 'already-live', release: '1.4.1' } as const;
  const workloads = [
    sampleWorkload({ ...unchanged, previousRelease: '1.4.1', changed: false }),
    sampleWorkload({ ...ABORTED, workload: 'deployment/api' }),
  ];
  const result = aborted({ previousRelease: 'web=1.4.1, api=1.4.2', workloads });
  expect(heading(result)).toBe(
    '### Aborted the canary of `1.4.2`: release `1.4.1` has all pods again on `deployment/api` in namespace `shop`',
  );
});

describe('whose block is missing', () => {
  test('says that the canary is gone, and that only its block is missing', () => {
    const summary = formatSummary(aborted({ gate: MISSING }));
    expect(summary).toMatch(
      /^### Aborted the canary of `1\.4\.2` without blocking it: release `1\.4\.1` has all pods again/,
    );
    expect(summary).toContain('Nothing of the canary is left. This job fails for its missing block alone.');
    expect(summary).toContain(
      "gh workflow run block.yml -R example/shop -f release=1.4.2 -f environment=staging -f reason='…'",
    );
    expect(toAnnotations(aborted({ gate: MISSING })).map(({ level }) => level)).toEqual(['notice', 'error']);
  });

  test('and that names no environment passes', () => {
    expect(formatSummary(aborted({ gate: MISSING, environment: '' }))).not.toContain('This job fails');
  });
});

describe('without a token', () => {
  const gate = { answer: 'off', blocks: [], unblocked: ['1.4.2'], warnings: [] } as const;

  test('says that the release is not blocked, why, and how to block it', () => {
    const summary = formatSummary(aborted({ gate }));
    expect(summary).toContain(
      '**`1.4.2` is not blocked**, since there is no `github-token`: it may enter the next environment. To block it:\n\n' +
        "```sh\ngh workflow run block.yml -R example/shop -f release=1.4.2 -f environment=staging -f reason='…'\n```",
    );
    expect(toAnnotations(aborted({ gate })).map(({ level }) => level)).toEqual(['notice']);
  });

  test('a run of the root action, which promises no block then, says nothing of it', () => {
    const summary = formatSummary(sampleResult({ gate }));
    expect(summary).not.toContain('is not blocked');
  });

  test.each(Object.entries(HOSTILE))('%s as a name does no harm', (_, name) => {
    const lines = formatSummary(aborted({ gate: { ...gate, unblocked: [name] } })).split('\n');
    expect(lines.filter((line) => /^(?:#|<|gh )/.test(line))).toHaveLength(2);
  });
});
