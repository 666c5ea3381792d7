import { describe, expect, test } from '@jest/globals';
import { toAnnotations } from '../../src/report/annotations.ts';
import { HOSTILE } from './hostile.ts';
import { sampleResult, sampleWorkload } from './sample.ts';
import { SAMPLE_RUNS } from './sample-runs.ts';

test.each([
  ['deployed', 'notice', 'Deployed: release 1.4.2 is live on deployment/web in namespace shop'],
  ['rolledBack', 'notice', 'Rolled back: release 1.4.1 is live again on deployment/web in namespace shop'],
  [
    'train',
    'error',
    'Superseded: another change took over before release 1.4.2 was complete on deployment/api in namespace shop',
  ],
  ['timedOut', 'error', 'Timed out: release 2.0.0 is not complete on deployment/web in namespace shop'],
  ['planned', 'notice', 'Plan: deploy release 1.4.2 on deployment/web in namespace shop'],
  ['unchanged', 'notice', 'Nothing changed: release 1.4.2 is already live on deployment/web in namespace shop'],
  ['failedByInput', 'error', 'Nothing was changed: release 1.4.2 was not rolled out'],
] as const)('%s: one %s', (name, level, title) => {
  const result = SAMPLE_RUNS[name];
  expect(toAnnotations(result)[0]).toEqual({ level, title, message: result.message });
});

test('drift and warnings of all workloads are one warning each', () => {
  const one = sampleWorkload({ drift: ['a', 'b'], warnings: ['c'] });
  const workloads = [one, { ...one, workload: 'deployment/api' }];
  expect(toAnnotations(sampleResult({ workloads })).slice(1)).toEqual([
    {
      level: 'warning',
      title: 'Ledger and cluster disagree',
      message: 'deployment/web: a\ndeployment/web: b\ndeployment/api: a\ndeployment/api: b',
    },
    { level: 'warning', title: 'Warnings of the rollout', message: 'deployment/web: c\ndeployment/api: c' },
  ]);
});

test('an empty message is the title, since GitHub shows no annotation without one', () => {
  const [first] = toAnnotations(sampleResult({ message: '' }));
  expect(first?.message).toBe(first?.title);
});

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, hostile) => {
  test('is short, printable text', () => {
    const workloads = Array.from({ length: 20 }, () => sampleWorkload({ drift: [hostile], warnings: [hostile] }));
    const annotations = toAnnotations(
      sampleResult({ outcome: 'failed', release: hostile, message: hostile, workloads }),
    );
    expect(annotations.map(({ level }) => level)).toEqual(['error', 'warning', 'warning']);
    for (const { title, message } of annotations) {
      expect(message.length).toBeLessThanOrEqual(4096);
      expect(title).not.toMatch(/\p{Cc}/u);
      expect(message.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  });
});
