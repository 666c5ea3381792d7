import { describe, expect, test } from '@jest/globals';
import { backResult } from '../../src/operations/rolled-back-result.ts';
import { sampleWorkload } from '../report/sample.ts';

const failed = sampleWorkload({
  ...{ outcome: 'failed', reasonCode: 'container-crashed' },
  message: 'deployment/web: 1.4.2 failed: container app exits 3',
});

describe('what failed and was taken back', () => {
  test.each([
    ['was only looked at, and its way back was written', false, true, true],
    ['was written, and found back already', true, false, true],
    ['was neither', false, false, false],
  ])('%s', (_, before, after, changed) => {
    const back = sampleWorkload({ changed: after });
    expect(backResult({ ...failed, changed: before }, { to: '1.4.1', back, seconds: 2 })).toMatchObject({
      ...{ outcome: 'rolled-back', changed, message: `${failed.message}; rolled back to 1.4.1` },
    });
  });

  test('is named once where its way back fails, with the pod that was in the way', () => {
    const back = sampleWorkload({
      ...{ outcome: 'failed', reasonCode: 'held-up', podInTheWay: 'web-2' },
      message: 'deployment/web: 1.4.1 is held up by pod web-2',
    });
    const how = 'the rollback to 1.4.1 failed: 1.4.1 is held up by pod web-2';
    const result = backResult({ ...failed, podInTheWay: 'web-0' }, { to: '1.4.1', back, seconds: 2 });
    expect(result).toMatchObject({
      ...{ outcome: 'rollback-failed', message: `${failed.message}; ${how}` },
      rollback: { state: 'failed', reasonCode: 'held-up', podInTheWay: 'web-2', message: how },
    });
    expect(result).not.toHaveProperty('podInTheWay');
  });
});
