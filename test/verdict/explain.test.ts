import { describe, expect, test } from '@jest/globals';
import { explain, judge, nothingSeen } from '../../src/verdict/judge.ts';
import { ended, type MomentOf, policyOf, ready, restarted, seenAt, starting, unready, waiting } from './story.ts';

const off = policyOf('off');
const explained = (moment: MomentOf) => explain(nothingSeen, seenAt(moment));

describe('what a deadline says', () => {
  test.each<readonly [string, MomentOf, string | undefined]>([
    ['all is well', { at: 0, pods: [{}] }, undefined],
    ['there is nothing', { at: 0 }, undefined],
    ['one crash', { at: 0, pods: [{ app: ended(3) }] }, 'container-crashed: container app exits 3'],
    [
      'not ready',
      { at: 0, pods: [{ app: unready }] },
      'not-ready: not ready: web-a runs, but the readiness probe of container app does not pass',
    ],
    [
      'not started',
      { at: 0, pods: [{ app: { ...unready, started: false } }] },
      'not-ready: not ready: web-a runs, but the startup probe of container app does not pass',
    ],
    [
      'a sidecar not ready',
      { at: 0, pods: [{ sidecar: unready }] },
      'not-ready: not ready: web-a runs, but the readiness probe of sidecar container mesh does not pass',
    ],
    [
      'initialized, not ready',
      { at: 0, pods: [{ init: ended(0), app: unready }] },
      'not-ready: not ready: web-a runs, but the readiness probe of container app does not pass',
    ],
    [
      'the most crashes',
      { at: 0, replicas: 2, pods: [{ app: ended(3) }, { name: 'web-b', app: ended(4, 2) }] },
      'container-crashed: container app exits 4, 2 restarts (on 2 pods)',
    ],
    [
      'crashes of different containers',
      { at: 0, replicas: 2, pods: [{ app: ended(3, 1) }, { name: 'web-b', sidecar: ended(4) }] },
      'container-crashed: container app exits 3, 1 restart',
    ],
    [
      'initializing',
      { at: 0, pods: [{ app: waiting('PodInitializing'), init: unready }] },
      'not-ready: not ready: init container migrate of web-a still runs',
    ],
    [
      'creating',
      { at: 0, pods: [{ app: starting }] },
      'volume-not-mounted: the containers are not created yet: a volume is not mounted, or an image is still being pulled',
    ],
    [
      'gated',
      { at: 0, pods: [{ unscheduled: { reason: 'SchedulingGated' } }] },
      'unschedulable: web-a waits for its scheduling gates',
    ],
    [
      'a cache not filled',
      { at: 0, pods: [{ app: waiting('CreateContainerConfigError', 'failed to sync configmap cache') }] },
      'config-missing: failed to sync configmap cache (container app)',
    ],
    [
      'several not ready',
      { at: 0, pods: [{ app: unready }, { name: 'web-b', app: unready }] },
      'not-ready: not ready: web-a runs, but the readiness probe of container app does not pass (on 2 pods)',
    ],
    [
      'a crash tells more than a pod that waits',
      { at: 0, pods: [{ app: unready }, { name: 'web-b', app: ended(3) }] },
      'container-crashed: container app exits 3',
    ],
  ])('%s', (_, moment, text) => {
    const cause = explained(moment);
    expect(cause && `${cause.code}: ${cause.message}`).toBe(text);
  });

  test('a restart of a pod that is ready does not explain why another is not', () => {
    const pods = [{ app: ready }, { name: 'web-b', app: ready }];
    const { memory } = judge(nothingSeen, seenAt({ at: 0, replicas: 2, completed: true, pods }), off);
    const after = { at: 1, replicas: 2, completed: true };
    const restart = { app: restarted(1, 1) };
    const withUnready = seenAt({ ...after, pods: [restart, { name: 'web-b', app: unready }] });
    expect(explain(memory, withUnready)?.code).toBe('not-ready');
    const alone = seenAt({ ...after, pods: [restart, { name: 'web-b' }] });
    expect(explain(memory, alone)?.message).toBe('container app exits 1, 1 restart');
  });

  test('messages stay short', () => {
    const words = 'x'.repeat(5000);
    for (const reason of ['CreateContainerConfigError', 'CreateContainerError', 'ErrImagePull', 'RunContainerError']) {
      const message = explained({ at: 0, pods: [{ app: waiting(reason, words) }] })?.message;
      expect(message?.length).toBeGreaterThan(100);
      expect(message?.length).toBeLessThanOrEqual(300);
    }
    expect(explained({ at: 0, made: 0, refused: words })?.message.length).toBeLessThanOrEqual(300);
  });
});
