import { expect, test } from '@jest/globals';
import { maxSurge } from '../../src/rollout/max-surge.ts';

test.each([
  [{ replicas: 10, strategy: { rollingUpdate: { maxSurge: 2 } } }, 2],
  [{ replicas: 10, strategy: { rollingUpdate: { maxSurge: '25%' } } }, 3],
  [{ replicas: 7, strategy: { rollingUpdate: { maxSurge: '100%' } } }, 7],
  [{ replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: null } }, 1],
  [{ strategy: {} }, 1],
  [{ replicas: 4, strategy: { rollingUpdate: { maxSurge: 0 } } }, 0],
  [{ replicas: 4, strategy: { type: 'Recreate' } }, 0],
])('%j: %d', (spec, pods) => {
  expect(maxSurge(spec)).toBe(pods);
});
