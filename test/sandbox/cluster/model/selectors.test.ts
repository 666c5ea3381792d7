import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../sandbox/cluster/model/kubernetes-objects.ts';
import {
  matchesSelector,
  parseFieldSelector,
  parseLabelSelector,
} from '../../../../sandbox/cluster/model/selectors.ts';

const object = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: '1',
    resourceVersion: '1',
    creationTimestamp: '',
    labels: { app: 'web', tier: 'front' },
  },
  involvedObject: { kind: 'Pod', name: 'web-1' },
} as KubeObject;

describe('a label selector in a query', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app=web,tier=back', false],
    ['app!=web', false],
    ['none!=x', true],
    ['app', true],
    ['!app', false],
    ['!none', true],
    ['app in (api, web),tier', true],
    ['app notin (api,web)', false],
    ['none notin (x)', true],
    ['none in (x)', false],
  ])('%s: %s', (text, expected) => {
    expect(parseLabelSelector(text)(object)).toBe(expected);
  });

  test.each(['app=web=x y', '(', 'a b'])('refuses %s', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400 }));
  });
});

describe('a field selector in a query', () => {
  test.each([
    ['metadata.name=web', true],
    ['metadata.name=other', false],
    ['metadata.name!=other,involvedObject.kind=Pod', true],
    ['involvedObject.uid=x', false],
    ['involvedObject.uid=', true],
  ])('%s: %s', (text, expected) => {
    expect(parseFieldSelector(text)(object)).toBe(expected);
  });
});

describe('the selector of a workload', () => {
  test.each([
    [{}, false],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, true],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  ] as const)('%j: %s', (selector, expected) => {
    expect(matchesSelector(selector, object.metadata.labels)).toBe(expected);
  });
});
