import { expect, test } from '@jest/globals';
import { scalingOf } from '../../src/rollout/autoscaler.ts';
import { autoscalerOf } from './neighbour.ts';

const web = { kind: 'deployment', name: 'web' };

test('an autoscaler that may scale the workload is named, with what it does to a canary', () => {
  expect(scalingOf([autoscalerOf(2, 10)], web)).toMatch(
    /^HorizontalPodAutoscaler shop\/web-scaler may scale it from 2 to 10 pods: the canary keeps its size only while/,
  );
  expect(scalingOf([autoscalerOf(undefined, 3)], web)).toContain('from 1 to 3 pods');
});

test.each([
  ['none', []],
  ['pinned', [autoscalerOf(4, 4)]],
  ['pinned to one', [autoscalerOf(undefined, 1)]],
  ['of another kind', [autoscalerOf(1, 9, 'StatefulSet')]],
])('%s: nothing to say', (_, autoscalers) => {
  expect(scalingOf(autoscalers, web)).toBeUndefined();
});

test('of another name: nothing to say', () => {
  expect(scalingOf([autoscalerOf(1, 9)], { kind: 'deployment', name: 'web-2' })).toBeUndefined();
});
