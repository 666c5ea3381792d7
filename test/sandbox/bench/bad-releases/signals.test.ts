import { expect, test } from '@jest/globals';
import { endedTimes, imageNotFound } from '../../../../sandbox/bench/bad-releases/signals.ts';
import type { ContainerState } from '../../../../sandbox/cluster/model/workload-objects.ts';

const running: ContainerState = { running: { startedAt: '' } };
const waiting = (reason: string, message = ''): ContainerState => ({ waiting: { reason, message } });
const ended: ContainerState = {
  terminated: { exitCode: 3, reason: 'Error', startedAt: '', finishedAt: '', containerID: '' },
};

function podsWith(restartCount: number, state: ContainerState, lastState: ContainerState | Record<string, never> = {}) {
  const common = { name: 'web', image: '', imageID: '', ready: false, started: false };
  const containerStatuses = [{ ...common, restartCount, state, lastState }];
  return [{ status: { phase: 'Running' as const, containerStatuses } }];
}

test.each([
  ['runs for the first time', 0, podsWith(0, running)],
  ['has ended', 1, podsWith(0, ended)],
  ['runs again', 1, podsWith(1, running, ended)],
  ['has ended again', 2, podsWith(1, ended, ended)],
  ['waits after its second end', 2, podsWith(1, waiting('CrashLoopBackOff'), ended)],
  ['is still being created', 0, podsWith(0, waiting('ContainerCreating'))],
])('a container that %s has ended %i times', (_what, times, pods) => {
  expect([1, 2, 3].filter((count) => endedTimes(count)(pods))).toHaveLength(times);
});

test('an image is not found when the registry says so, not while nobody has asked', () => {
  expect(imageNotFound(podsWith(0, waiting('ErrImagePull', 'web:9.9: not found')))).toBe(true);
  expect(imageNotFound(podsWith(0, waiting('ErrImagePull', 'connection refused')))).toBe(false);
  expect(imageNotFound(podsWith(0, running))).toBe(false);
});
