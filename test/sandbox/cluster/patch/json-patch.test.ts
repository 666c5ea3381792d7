import { describe, expect, test } from '@jest/globals';
import { applyJsonPatch } from '../../../../sandbox/cluster/patch/json-patch.ts';

const document = { a: 1, list: [1, 2, 3], deep: { 'with/slash': 'x', 'with~tilde': 'y' } };

describe('a JSON patch', () => {
  test.each([
    ['add to an object', [{ op: 'add', path: '/b', value: 2 }], { ...document, b: 2 }],
    ['add over a member', [{ op: 'add', path: '/a', value: 2 }], { ...document, a: 2 }],
    ['insert into a list', [{ op: 'add', path: '/list/1', value: 9 }], { ...document, list: [1, 9, 2, 3] }],
    ['append to a list', [{ op: 'add', path: '/list/-', value: 9 }], { ...document, list: [1, 2, 3, 9] }],
    ['replace', [{ op: 'replace', path: '/list/0', value: 9 }], { ...document, list: [9, 2, 3] }],
    ['replace a member that is missing', [{ op: 'replace', path: '/b', value: 9 }], { ...document, b: 9 }],
    ['remove', [{ op: 'remove', path: '/list/1' }], { ...document, list: [1, 3] }],
    ['copy', [{ op: 'copy', from: '/a', path: '/b' }], { ...document, b: 1 }],
    ['move', [{ op: 'move', from: '/a', path: '/b' }], { b: 1, list: document.list, deep: document.deep }],
    [
      'test, then write',
      [
        { op: 'test', path: '/a', value: 1 },
        { op: 'replace', path: '/a', value: 2 },
      ],
      { ...document, a: 2 },
    ],
    ['test of a missing member for null', [{ op: 'test', path: '/none', value: null }], document],
    ['escaped slash', [{ op: 'test', path: '/deep/with~1slash', value: 'x' }], document],
    ['escaped tilde', [{ op: 'test', path: '/deep/with~0tilde', value: 'y' }], document],
    ['whole document', [{ op: 'replace', path: '', value: { new: true } }], { new: true }],
  ])('%s', (_, patch, expected) => {
    expect(applyJsonPatch(document, patch)).toEqual(expected);
  });

  test.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a test beyond a list', [{ op: 'test', path: '/list/7', value: null }], 422],
    ['removing what is missing', [{ op: 'remove', path: '/none' }], 422],
    ['adding below what is missing', [{ op: 'add', path: '/none/x', value: 1 }], 422],
    ['replacing beyond a list', [{ op: 'replace', path: '/list/3', value: 1 }], 422],
    ['adding beyond a list', [{ op: 'add', path: '/list/5', value: 1 }], 422],
    ['an unknown operation', [{ op: 'merge', path: '/a' }], 422],
    ['what is not a list', { op: 'add', path: '/a' }, 400],
  ])('refuses %s', (_, patch, code) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(expect.objectContaining({ code }));
  });

  test('leaves the document it is applied to alone', () => {
    applyJsonPatch(document, [{ op: 'remove', path: '/list/0' }]);
    expect(document.list).toEqual([1, 2, 3]);
  });
});
