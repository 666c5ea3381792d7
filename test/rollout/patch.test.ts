import { describe, expect, test } from '@jest/globals';
import { applyJsonPatch } from '../../sandbox/cluster/patch/json-patch.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { templatePatch } from '../../src/rollout/patch.ts';
import { deploymentOf, podTemplate } from '../release/workload.ts';

const CAUSE = 'kubernetes.io/change-cause';
const change = { release: '1.1', template: podTemplate({ image: 'web:1.1' }), fields: {} };

function patched(deployment: Deployment, wanted = change): Deployment {
  return applyJsonPatch(deployment, templatePatch(deployment, wanted)) as Deployment;
}

function annotated(annotations: Readonly<Record<string, string>> | undefined): Deployment {
  const { annotations: _, ...metadata } = deploymentOf({ image: 'web:1.0' }).metadata;
  return { ...deploymentOf({ image: 'web:1.0' }), metadata: { ...metadata, ...(annotations && { annotations }) } };
}

describe('templatePatch', () => {
  test.each([
    ['none', undefined, { [CAUSE]: '1.1' }],
    ['empty ones', {}, { [CAUSE]: '1.1' }],
    ['foreign ones, which stay', { 'a/b': 'x', 'c~d': 'y' }, { 'a/b': 'x', 'c~d': 'y', [CAUSE]: '1.1' }],
    ['an older cause, which goes', { [CAUSE]: '1.0', z: '1' }, { [CAUSE]: '1.1', z: '1' }],
  ])('template and change-cause together, with annotations: %s', (_, before, after) => {
    const deployment = annotated(before);
    const result = patched(deployment);
    expect(result.spec.template).toEqual(change.template);
    expect(result.metadata.annotations).toEqual(after);
    const { template: _template, ...restOfSpec } = result.spec;
    const { template: _before, ...specBefore } = deployment.spec;
    expect(restOfSpec).toEqual(specBefore);
  });

  test.each([
    ['another uid', { uid: 'other' }],
    ['another generation', { generation: 4 }],
    ['no generation', { generation: undefined as never }],
  ])('nothing is written over %s', (_, metadata) => {
    const deployment = annotated({});
    const changed = { ...deployment, metadata: { ...deployment.metadata, ...metadata } };
    expect(() => applyJsonPatch(changed, templatePatch(deployment, change))).toThrow();
  });

  test("the controller's status writes are no hindrance", () => {
    const deployment = annotated({});
    const moved = { ...deployment, metadata: { ...deployment.metadata, resourceVersion: '101' }, status: {} };
    expect(applyJsonPatch(moved, templatePatch(deployment, change))).toMatchObject({
      spec: { template: change.template },
    });
  });

  test('a pause ends in the same write, and only when it is meant to', () => {
    const paused = deploymentOf({}, { paused: true });
    expect(patched(paused, { ...change, fields: { paused: false } }).spec.paused).toBe(false);
    expect(patched(paused).spec.paused).toBe(true);
  });
});
