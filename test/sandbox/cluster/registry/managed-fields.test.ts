import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../sandbox/cluster/model/kubernetes-objects.ts';
import { recordWrite } from '../../../../sandbox/cluster/registry/managed-fields.ts';
import { applyConfiguration } from '../../../../sandbox/cluster/registry/server-side-apply.ts';

const meta = { name: 'web', namespace: 'shop', uid: '1', resourceVersion: '1', creationTimestamp: '' };
const container = (image: string, fields: object = {}) => ({ name: 'web', image, ...fields });
const podOf = (containers: readonly object[]): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: meta, spec: { containers } }) as KubeObject;
const first = recordWrite(undefined, podOf([container('web:1')]), { manager: 'creator' }, 't1');
const owners = ({ metadata }: KubeObject) =>
  Object.fromEntries(
    (metadata.managedFields ?? []).map(({ manager, fieldsV1 }) => [manager, JSON.stringify(fieldsV1)]),
  );
const path = (...fields: string[]) =>
  `{"f:spec":{"f:containers":{"k:{\\"name\\":\\"web\\"}":{${fields.map((field) => `"${field}":{}`).join()}}}}}`;

describe('who owns a field', () => {
  test('is at first who created it', () => {
    expect(owners(first)).toEqual({ creator: path('.', 'f:image', 'f:name') });
  });

  test('becomes who changes it', () => {
    const second = recordWrite(
      first,
      { ...podOf([container('web:2')]), metadata: first.metadata },
      { manager: 'setter' },
      't2',
    );
    expect(owners(second)).toEqual({ creator: path('.', 'f:name'), setter: path('f:image') });
  });

  test('is nobody once it is gone', () => {
    const emptied = recordWrite(first, { ...podOf([]), metadata: first.metadata }, { manager: 'setter' }, 't2');
    expect(owners(emptied)).toEqual({});
  });

  test('stays with a manager whose entry is not touched, with its time', () => {
    const second = recordWrite(
      first,
      { ...podOf([container('web:1')]), metadata: first.metadata },
      { manager: 'creator' },
      't2',
    );
    expect(second.metadata.managedFields).toEqual(first.metadata.managedFields);
  });
});

describe('an applied configuration', () => {
  const apply = (live: KubeObject, containers: readonly object[], manager = 'applier', force = false) => {
    const config = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers } };
    const merged = applyConfiguration(live, config, manager, force) as KubeObject;
    return recordWrite(live, merged, { manager, applied: config }, 't3');
  };
  const containersOf = (object: KubeObject) =>
    (object as unknown as { spec: { containers: object[] } }).spec.containers;

  test('may say what is so already, and then shares it', () => {
    const shared = apply(first, [container('web:1')]);
    expect(owners(shared)['applier']).toBe(path('.', 'f:image', 'f:name'));
    expect(owners(shared)['creator']).toBe(path('.', 'f:image', 'f:name'));
  });

  test('conflicts with another value of another manager', () => {
    expect(() => apply(first, [container('web:2')])).toThrow(
      'Apply failed with 1 conflict: conflict with "creator" using v1: .spec.containers[name="web"].image',
    );
    expect(containersOf(apply(first, [container('web:2')], 'applier', true))).toEqual([container('web:2')]);
  });

  test('adds to what others own and takes back only its own', () => {
    const added = apply(first, [
      { name: 'web', args: ['a'] },
      { name: 'side', image: 's' },
    ]);
    expect(containersOf(added)).toEqual([container('web:1', { args: ['a'] }), { name: 'side', image: 's' }]);
    expect(containersOf(apply(added, [{ name: 'web' }]))).toEqual([container('web:1')]);
  });
});
