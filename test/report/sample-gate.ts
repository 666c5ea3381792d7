import { closedBy } from '../../src/gate/rule.ts';
import type { Result } from '../../src/result.ts';
import { blockedBy, blockRecord } from '../gate/sample-records.ts';
import { sampleResult, sampleWorkload } from './sample.ts';

/** A deploy to production that the gate stopped, since the release was rolled back in staging. */
export function stoppedRun(release = '1.4.2', reason = 'container app exits 3, 4 restarts: "boom"'): Result {
  const block = blockRecord({ release, reason });
  const closed = closedBy(release, blockedBy(123, block));
  return sampleResult({
    ...{ outcome: 'blocked', reasonCode: 'release-blocked', changed: false, environment: 'production', release },
    message: `the gate stopped ${release}, so nothing was changed: ${closed.why}`,
    workloads: [
      sampleWorkload({
        ...{ outcome: 'blocked', reasonCode: 'release-blocked', changed: false, release },
        ...{ revision: '6', seconds: 0, timeline: [] },
      }),
    ],
    gate: { answer: 'closed', closed, askedAt: '2026-11-21T15:00:00Z', blocks: [], warnings: [] },
  });
}

/** A deploy that was rolled back, and its block at the gate. */
export function blockingRun(
  state: Result['gate']['blocks'][number]['state'],
  problem = 'GitHub at api.github.com does not answer',
): Result {
  const block = { release: '1.4.2', reason: 'container app exits 3' };
  return sampleResult({
    ...{ outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.4.1' },
    workloads: [
      sampleWorkload({
        ...{ outcome: 'rolled-back', reasonCode: 'container-crashed', timeline: [] },
        message: 'deployment/web: 1.4.2 failed: container app exits 3; rolled back to 1.4.1',
        rollback: { to: '1.4.1', state: 'done', message: 'rolled back to 1.4.1', seconds: 3 },
      }),
    ],
    gate: {
      ...{ answer: 'open', warnings: [] },
      blocks: [state === 'missing' ? { ...block, state, problem } : { ...block, state, problem: '', id: 124 }],
    },
  });
}
