import { expect, test } from '@jest/globals';
import { redactResult } from '../../src/foreign/redact-result.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { sampleResult, sampleWorkload } from '../report/sample.ts';
import { SAMPLE_FAILURES } from '../report/sample-failures.ts';

const WORDS = 'exits 3: DB_PASSWORD=hunter2 for known-secret';

test('nothing that others said keeps its credentials', () => {
  const workload = sampleWorkload({
    message: WORDS,
    warnings: [WORDS],
    timeline: [{ at: 1, text: WORDS }],
    podStates: [WORDS],
    cause: { code: 'container-crashed', message: WORDS, pods: [], container: '', suspectNode: '' },
    rollback: { to: '1', state: 'failed', message: WORDS, seconds: 1 },
  });
  const checks = [{ name: 'a', state: 'failed', message: WORDS, passes: 0, failures: 1 }] as const;
  const clean = redactResult(sampleResult({ message: `a\n${WORDS}`, checks, workloads: [workload] }), ['known-secret']);
  const said = 'exits 3: DB_PASSWORD=*** for ***';
  expect(clean).toMatchObject({
    message: `a\n${said}`,
    checks: [{ message: said }],
    workloads: [
      {
        ...{ message: said, warnings: [said], timeline: [{ at: 1, text: said }], podStates: [said] },
        ...{ cause: { message: said }, rollback: { message: said } },
      },
    ],
  });
  expect(JSON.stringify(clean)).not.toMatch(/hunter2|known-secret/);
});

test('nor does what they said at the gate', () => {
  const block = blockRecord({ reason: WORDS });
  const closed = { kind: 'closed', code: 'release-blocked', id: 7, why: WORDS, block } as const;
  const blocks = [{ release: '1.1', state: 'missing', reason: WORDS, problem: WORDS }] as const;
  const answered = { answer: 'closed', closed, askedAt: '2026-11-21T12:00:00Z' } as const;
  const clean = redactResult(sampleResult({ gate: { ...answered, blocks, warnings: [WORDS] } }), ['known-secret']);
  expect(JSON.stringify(clean)).not.toMatch(/hunter2|known-secret/);
  expect(clean.gate).toMatchObject({ closed: { id: 7, block: { release: '1.1' } }, blocks: [{ release: '1.1' }] });
});

test.each(Object.entries(SAMPLE_FAILURES))('%s stays as it is', (_, result) => {
  expect(redactResult(result)).toEqual(result);
});
