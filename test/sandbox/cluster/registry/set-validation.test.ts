import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../sandbox/cluster/model/kubernetes-objects.ts';
import { type Resource, resources } from '../../../../sandbox/cluster/model/resource.ts';
import { applyDefaults } from '../../../../sandbox/cluster/registry/defaults.ts';
import { validate } from '../../../../sandbox/cluster/registry/validation.ts';
import { daemonSetManifest, statefulSetManifest } from '../set-fixture.ts';

const metadata = { name: 'db', namespace: 'shop', uid: '1', resourceVersion: '1', creationTimestamp: '' };
const complete = (resource: Resource, object: object) =>
  applyDefaults(resource, { ...object, metadata } as KubeObject) as KubeObject & { readonly spec: object };
const statefulSet = (spec: object = {}) => complete(resources.statefulSets, statefulSetManifest('db', '1.0', spec));
const daemonSet = (spec: object = {}) => complete(resources.daemonSets, daemonSetManifest('db', '1.0', spec));
const other = { matchLabels: { app: 'x' } };

describe('what is left out of a StatefulSet', () => {
  test('is filled in', () => {
    expect(complete(resources.statefulSets, { spec: {} }).spec).toEqual({
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
  });

  test.each([
    { given: { type: 'RollingUpdate' }, filled: { type: 'RollingUpdate' } },
    { given: { type: 'OnDelete' }, filled: { type: 'OnDelete' } },
    {
      given: { type: 'RollingUpdate', rollingUpdate: {} },
      filled: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    },
    { given: { rollingUpdate: { partition: 2 } }, filled: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    {
      given: { rollingUpdate: { maxUnavailable: 2 } },
      filled: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    },
  ])('of the strategy $given becomes $filled', ({ given, filled }) => {
    expect(statefulSet({ updateStrategy: given }).spec).toMatchObject({ updateStrategy: filled });
    expect((statefulSet({ updateStrategy: given }).spec as { updateStrategy: object }).updateStrategy).toEqual(filled);
  });
});

describe('what is left out of a DaemonSet', () => {
  test.each([
    { given: undefined, filled: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
    { given: { type: 'OnDelete' }, filled: { type: 'OnDelete' } },
    {
      given: { rollingUpdate: { maxUnavailable: '10%' } },
      filled: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%', maxSurge: 0 } },
    },
  ])('of the strategy $given becomes $filled', ({ given, filled }) => {
    const { spec } = daemonSet(given === undefined ? {} : { updateStrategy: given });
    expect((spec as { updateStrategy: object }).updateStrategy).toEqual(filled);
    expect(spec).toMatchObject({ revisionHistoryLimit: 10 });
  });
});

/** The messages are those of an API server 1.35 for the same objects. */
describe('the API server refuses', () => {
  test.each([
    [
      'a selector that does not match',
      { selector: other },
      'StatefulSet.apps "db" is invalid: spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
    ],
    [
      'an empty selector',
      { selector: {} },
      'StatefulSet.apps "db" is invalid: spec.selector: Invalid value: {}: empty selector is invalid for statefulset',
    ],
    [
      'no selector',
      { selector: undefined },
      'StatefulSet.apps "db" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`]',
    ],
    [
      'an unknown policy',
      { podManagementPolicy: 'Any' },
      `spec.podManagementPolicy: Invalid value: "Any": must be 'OrderedReady' or 'Parallel'`,
    ],
    [
      'an unknown strategy',
      { updateStrategy: { type: 'Recreate' } },
      `spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`,
    ],
    [
      'a partition that has no use',
      { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
      `spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`,
    ],
    [
      'a negative partition',
      { updateStrategy: { rollingUpdate: { partition: -1 } } },
      'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
    ],
  ])('a StatefulSet with %s', (_, spec, message) => {
    expect(() => validate(resources.statefulSets, statefulSet(spec), undefined)).toThrow(message);
  });

  test.each([
    [{ replicas: 5, revisionHistoryLimit: 1, minReadySeconds: 3 }, undefined],
    [{ updateStrategy: { type: 'OnDelete' }, ordinals: { start: 1 } }, undefined],
    [{ serviceName: 'other' }, /spec: Forbidden: updates to statefulset spec for fields other than/],
    [
      { podManagementPolicy: 'Parallel' },
      /'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden$/,
    ],
  ])('a StatefulSet changed by %j: %s', (spec, message) => {
    const check = () => validate(resources.statefulSets, statefulSet(spec), statefulSet());
    if (message === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(message);
  });

  test.each([
    [
      'a selector that does not match',
      { selector: other },
      'DaemonSet.apps "db" is invalid: spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
    ],
    [
      'no selector',
      { selector: undefined },
      'DaemonSet.apps "db" is invalid: spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
    ],
    [
      'surge and unavailable',
      { updateStrategy: { rollingUpdate: { maxSurge: 1 } } },
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    ],
    [
      'neither surge nor unavailable',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } },
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
    ],
  ])('a DaemonSet with %s', (_, spec, message) => {
    expect(() => validate(resources.daemonSets, daemonSet(spec), undefined)).toThrow(message);
  });

  test('another selector for a DaemonSet', () => {
    expect(() => validate(resources.daemonSets, daemonSet({ selector: other }), daemonSet())).toThrow(
      'spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
    );
  });

  test('another template in a ControllerRevision, but not another number', () => {
    const revision = (release: string, number: number) =>
      ({
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata,
        revision: number,
        data: { spec: { template: { release } } },
      }) as KubeObject;
    const check = (after: KubeObject) => () => validate(resources.controllerRevisions, after, revision('1.0', 1));
    expect(check(revision('1.0', 4))).not.toThrow();
    expect(check(revision('1.1', 1))).toThrow(/data: Invalid value: .*: field is immutable$/);
    expect(check(revision('1.0', -1))).toThrow('revision: Invalid value: -1: must be greater than or equal to 0');
  });
});
