import { describe, expect, test } from '@jest/globals';
import { liveColour, recoloured } from '../../src/rollout/blue-green.ts';
import { colourPatch, restorePatch, scalePatch } from '../../src/rollout/blue-green-patch.ts';
import type { Deployment, StringMap } from '../../src/rollout/objects.ts';
import { type Service, sameSelector, selectorFor, selectorPatch, selects } from '../../src/rollout/service.ts';
import { deploymentOf } from '../release/workload.ts';

function service(selector?: StringMap): Service {
  return {
    metadata: { name: 'web', namespace: 'shop', uid: 'service-uid', resourceVersion: '1' },
    spec: { ...(selector && { selector }) },
  };
}

/** A Deployment whose pods have these labels, and which selects them by `matchLabels`, or by all of them. */
function colour(name: string, labels: StringMap, matchLabels = labels): Deployment {
  const deployment = deploymentOf({ cause: '1.0' }, { selector: { matchLabels } });
  const { template } = deployment.spec;
  return {
    ...deployment,
    metadata: { ...deployment.metadata, name },
    spec: { ...deployment.spec, template: { ...template, metadata: { labels } } },
  };
}

const pair = {
  blue: colour('web-blue', { app: 'web', colour: 'blue', tier: 'front' }, { app: 'web', colour: 'blue' }),
  green: colour('web-green', { app: 'web', colour: 'green' }),
};

describe('which colour is live', () => {
  test.each([
    [{ app: 'web', colour: 'blue' }, 'blue'],
    [{ app: 'web', colour: 'green' }, 'green'],
    [{ colour: 'green' }, 'green'],
  ])('by the selector %j: %s', (selector, live) => {
    expect(liveColour(service(selector), pair)).toEqual({ kind: 'found', live });
  });

  test.each([
    [undefined, 'has no selector'],
    [{}, 'has no selector'],
    [{ app: 'web' }, 'selects the pods of both deployment/web-blue and deployment/web-green (app=web)'],
    [{ app: 'api' }, 'selects the pods of neither deployment/web-blue and deployment/web-green (app=api)'],
    [{ app: 'web', colour: 'red' }, 'selects the pods of neither'],
    [{ colour: 'blue', tier: 'front' }, 'the pods of deployment/web-green have no label tier'],
  ])('by the selector %j it cannot be told', (selector, why) => {
    expect(liveColour(service(selector), pair)).toEqual({ kind: 'unclear', why: expect.stringContaining(why) });
  });

  test('nor where the Deployments select each other', () => {
    const loose = { ...pair, blue: colour('web-blue', { app: 'web', colour: 'blue' }, { app: 'web' }) };
    const found = liveColour(service({ colour: 'blue' }), loose);
    expect(found).toMatchObject({ kind: 'unclear', why: expect.stringContaining("select each other's pods") });
  });
});

describe('switching', () => {
  const blue = service({ app: 'web', colour: 'blue' });

  test('takes the values of the same keys', () => {
    expect(selectorFor(blue, pair.green.spec.template)).toEqual({ app: 'web', colour: 'green' });
    expect(selectorFor(service({ tier: 'front' }), pair.green.spec.template)).toBeUndefined();
    expect(selectorFor(service(), pair.green.spec.template)).toBeUndefined();
    expect(selects(blue, pair.blue.spec.template)).toBe(true);
    expect(selects(blue, pair.green.spec.template)).toBe(false);
  });

  test('is one write that only holds for what was read', () => {
    expect(selectorPatch(blue, { colour: 'green' })).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'service-uid' },
      { op: 'test', path: '/spec/selector', value: { app: 'web', colour: 'blue' } },
      { op: 'replace', path: '/spec/selector', value: { colour: 'green' } },
    ]);
  });

  test.each([
    [{ a: '1', b: '2' }, { b: '2', a: '1' }, true],
    [{ a: '1' }, { a: '1', b: '2' }, false],
    [{ a: '1' }, { b: '1' }, false],
    [undefined, {}, true],
  ])('selectors %j and %j', (a, b, same) => {
    expect(sameSelector(a, b)).toBe(same);
    expect(sameSelector(b, a)).toBe(same);
  });
});

test('a template comes to the other colour with its labels', () => {
  const template = recoloured(pair.blue.spec.template, pair.green, service({ app: 'web', colour: 'blue' }));
  expect(template.metadata?.labels).toEqual({ app: 'web', colour: 'green', tier: 'front' });
  expect(template.spec).toEqual(pair.blue.spec.template.spec);
});

describe('patches', () => {
  const guards = [
    { op: 'test', path: '/metadata/uid', value: 'deployment-uid' },
    { op: 'test', path: '/metadata/generation', value: 3 },
  ];

  test('pods alone', () => {
    expect(scalePatch(pair.green, 5)).toEqual([...guards, { op: 'add', path: '/spec/replicas', value: 5 }]);
  });

  test.each([
    [2, 0],
    [4, 1],
  ])('a release with %i pods, which it has not yet: %i operation more', (replicas, more) => {
    const { template } = pair.green.spec;
    const patch = colourPatch(pair.green, { release: '1.1', template, fields: {} }, replicas);
    expect(patch.slice(0, 2)).toEqual(guards);
    expect(patch.filter(({ path }) => path === '/spec/replicas')).toHaveLength(more);
    expect(patch).toContainEqual(expect.objectContaining({ path: '/spec/template', value: template }));
  });

  test('what was there before comes back, without a change-cause where there was none', () => {
    const { annotations: _none, ...metadata } = pair.green.metadata;
    const patch = restorePatch(pair.blue, { ...pair.green, metadata });
    expect(patch).toContainEqual({ op: 'remove', path: '/metadata/annotations/kubernetes.io~1change-cause' });
    expect(patch).toContainEqual({ op: 'add', path: '/spec/replicas', value: 2 });
    const named = restorePatch(pair.blue, pair.green);
    expect(named).toContainEqual({
      op: 'add',
      path: '/metadata/annotations/kubernetes.io~1change-cause',
      value: '1.0',
    });
  });
});
