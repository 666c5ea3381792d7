import { describe, expect, test } from '@jest/globals';
import { failingPods, logsToRead } from '../../src/rollout/failing-pods.ts';
import type { ContainerStatus, Pod } from '../../src/rollout/objects.ts';
import { readFixture } from '../fixtures/load.ts';

function pod(name: string, ready: boolean, statuses: Pod['status'] = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1', ...metadata },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], ...statuses },
  };
}

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

test('failing pods are those that are blamed, then those that are not ready', () => {
  const pods = [
    pod('a', false),
    pod('b', true),
    pod('c', false),
    pod('d', false, {}, { deletionTimestamp: '2026-11-21T12:00:00Z' }),
    pod('e', true),
  ];
  expect(names(failingPods(pods, { pods: ['e', 'c', 'gone'], container: '' }))).toEqual(['e', 'c', 'a']);
  expect(names(failingPods(pods, undefined))).toEqual(['a', 'c']);
  const ready = pods.filter(({ metadata }) => 'bde'.includes(metadata.name));
  expect(names(failingPods(ready, undefined))).toEqual(['b', 'e']);
});

test.each(['Failed', 'Succeeded'])('a pod that has ended (%s) is shown where it is blamed only', (phase) => {
  const pods = [pod('a', false, { phase }), pod('b', false), pod('c', true)];
  expect(names(failingPods(pods, undefined))).toEqual(['b']);
  expect(names(failingPods(pods, { pods: ['a'], container: '' }))).toEqual(['a', 'b']);
  const [ended, , well] = pods;
  expect(names(failingPods(ended && well ? [ended, well] : [], undefined))).toEqual(['c']);
});

describe('logs to read', () => {
  const running = { running: {} };
  const died = { terminated: { exitCode: 3 } };
  const waits = { waiting: { reason: 'CrashLoopBackOff' } };
  const ofApp = (status: Partial<ContainerStatus>, container = 'app') =>
    logsToRead(pod('p', false, { containerStatuses: [{ name: 'app', ...status }] }), { pods: ['p'], container }).map(
      ({ previous }) => (previous ? 'previous' : 'present'),
    );

  test.each([
    ['runs and never died', { state: running }, ['present']],
    ['died for the first time', { state: died }, ['present']],
    ['runs again', { state: running, lastState: died, restartCount: 1 }, ['previous', 'present']],
    ['died again', { state: died, lastState: died, restartCount: 1 }, ['previous', 'present']],
    ['waits for its next life', { state: waits, lastState: died, restartCount: 1 }, ['previous']],
    ['never ran', { state: { waiting: { reason: 'ImagePullBackOff' } } }, []],
    ['is not known yet', {}, []],
  ])('of a container that %s', (_, status, lives) => {
    expect(ofApp(status)).toEqual(lives);
  });

  test('are those of the blamed container, else those of all that are not ready or died before', () => {
    const status = {
      initContainerStatuses: [
        { name: 'wait', ready: true, restartCount: 0, state: { terminated: { exitCode: 0 } } },
        { name: 'mesh', ready: true, restartCount: 2, state: running, lastState: died },
      ],
      containerStatuses: [
        { name: 'app', ready: false, restartCount: 0, state: running },
        { name: 'side', ready: true, restartCount: 0, state: running },
      ],
    };
    const read = (container: string) =>
      logsToRead(pod('p', false, status), { pods: [], container }).map((log) => `${log.container} ${log.previous}`);
    expect(read('side')).toEqual(['side false']);
    expect(read('')).toEqual(['mesh true', 'mesh false', 'app false']);
    expect(read('gone')).toEqual(read(''));
    const well = {
      initContainerStatuses: status.initContainerStatuses.slice(0, 1),
      containerStatuses: status.containerStatuses.slice(1),
    };
    expect(logsToRead(pod('p', true, well), undefined).map((log) => `${log.container} ${log.previous}`)).toEqual([
      'side false',
    ]);
  });

  test('of pods as a real cluster shows them', () => {
    const lives = (fixture: string) =>
      failingPods(readFixture(fixture).pods, undefined)
        .flatMap((each) => logsToRead(each, undefined))
        .map(({ container, previous }) => [container, previous]);
    expect(lives('crash')).toEqual([['web', true]]);
    expect(lives('stalled')).toEqual([['web', false]]);
    expect(lives('missing-image')).toEqual([]);
  });
});
