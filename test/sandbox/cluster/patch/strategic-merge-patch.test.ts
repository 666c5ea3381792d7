import { describe, expect, test } from '@jest/globals';
import { applyMergePatch } from '../../../../sandbox/cluster/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../../sandbox/cluster/patch/strategic-merge-patch.ts';

const pod = {
  nodeSelector: { disk: 'fast' },
  containers: [
    { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80, name: 'http' }] },
    { name: 'side', image: 'side:1', args: ['a', 'b'] },
  ],
};
const [web, side] = pod.containers;

describe('a strategic merge patch', () => {
  test.each([
    [
      'merges a container by its name',
      { containers: [{ name: 'web', image: 'web:2' }] },
      [{ ...web, image: 'web:2' }, side],
    ],
    [
      'adds a container with a new name',
      { containers: [{ name: 'new', image: 'n' }] },
      [web, side, { name: 'new', image: 'n' }],
    ],
    ['deletes a container', { containers: [{ name: 'side', $patch: 'delete' }] }, [web]],
    ['replaces the list', { containers: [{ name: 'only' }, { $patch: 'replace' }] }, [{ name: 'only' }]],
    [
      'replaces lists without a merge key',
      { containers: [{ name: 'side', args: ['c'] }] },
      [web, { ...side, args: ['c'] }],
    ],
    [
      'merges env within a container',
      { containers: [{ name: 'web', env: [{ name: 'B', value: '2' }] }] },
      [
        {
          ...web,
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        side,
      ],
    ],
    [
      'merges ports by number',
      { containers: [{ name: 'web', ports: [{ containerPort: 80, name: 'www' }] }] },
      [{ ...web, ports: [{ containerPort: 80, name: 'www' }] }, side],
    ],
    [
      'removes a field with null',
      { containers: [{ name: 'side', args: null }] },
      [web, { name: 'side', image: 'side:1' }],
    ],
    ['reorders', { '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }] }, [side, web]],
  ])('%s', (_, patch, containers) => {
    expect(applyStrategicMergePatch(pod, patch)).toEqual({ ...pod, containers });
  });

  test.each([
    ['replaces an object', { nodeSelector: { $patch: 'replace', cpu: 'big' } }, { cpu: 'big' }],
    ['keeps only the named keys', { nodeSelector: { $retainKeys: ['cpu'], cpu: 'big' } }, { cpu: 'big' }],
    ['merges an object', { nodeSelector: { cpu: 'big' } }, { disk: 'fast', cpu: 'big' }],
  ])('%s', (_, patch, nodeSelector) => {
    expect(applyStrategicMergePatch(pod, patch)).toEqual({ ...pod, nodeSelector });
  });
});

describe('a JSON merge patch', () => {
  test.each([
    [{ a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 1 }, { a: { b: null, c: 2 } }, { a: { c: 2 } }],
    [{}, { a: { b: { c: null } } }, { a: { b: {} } }],
  ])('%j with %j', (document, patch, expected) => {
    expect(applyMergePatch(document, patch)).toEqual(expected);
  });
});
