import { describe, expect, test } from '@jest/globals';
import { POD_TEMPLATE_HASH, RELEASE_STAMP, RESTARTED_AT } from '../../src/rollout/marks.ts';
import type { PodTemplate } from '../../src/rollout/objects.ts';
import {
  formatImages,
  imagesOf,
  restarted,
  sameBits,
  sameTemplate,
  stamped,
  templateDigest,
  withoutHash,
} from '../../src/rollout/template.ts';
import { readFixture } from '../fixtures/load.ts';

const BASE: PodTemplate = {
  metadata: { labels: { app: 'web' }, annotations: { team: 'shop' } },
  spec: {
    initContainers: [{ name: 'migrate', image: 'web:1' }],
    containers: [{ name: 'app', image: 'web:1' }, { name: 'side' }],
    tolerations: [{ key: 'a' }, { key: 'b' }],
    someFieldOfTomorrow: { deep: [1, { x: null }] },
  },
};

/** As it would come over the wire once more. */
function copyOf(template: PodTemplate): PodTemplate {
  return JSON.parse(JSON.stringify(template));
}

function withMetadata(metadata: PodTemplate['metadata']): PodTemplate {
  return { ...BASE, metadata: { ...BASE.metadata, ...metadata } };
}

const hashed = withMetadata({ labels: { app: 'web', [POD_TEMPLATE_HASH]: 'abc' } });
const reordered: PodTemplate = {
  spec: Object.fromEntries(Object.entries(BASE.spec).reverse()) as PodTemplate['spec'],
  metadata: { annotations: { team: 'shop' }, labels: { app: 'web' } },
};

describe('two templates', () => {
  test.each<readonly [string, PodTemplate, PodTemplate, boolean, boolean]>([
    ['equal', BASE, copyOf(BASE), true, true],
    ['keys in another order', BASE, reordered, true, true],
    ['one with the hash', BASE, hashed, true, true],
    [
      'empty maps and none',
      { spec: BASE.spec },
      { metadata: { labels: {}, annotations: {} }, spec: BASE.spec },
      true,
      true,
    ],
    ['a null time as old servers write it', BASE, withMetadata({ creationTimestamp: null } as never), true, true],
    ['another stamp', BASE, stamped(BASE, '1.0'), false, true],
    ['a restart', BASE, restarted(BASE, '2026-11-21T10:00:00Z'), false, true],
    [
      'another image',
      BASE,
      { ...BASE, spec: { ...BASE.spec, containers: [{ name: 'app', image: 'web:2' }, { name: 'side' }] } },
      false,
      false,
    ],
    ['another annotation', BASE, withMetadata({ annotations: { team: 'else' } }), false, false],
    ['another label', BASE, withMetadata({ labels: { app: 'web', tier: 'x' } }), false, false],
    [
      'lists in another order',
      BASE,
      { ...BASE, spec: { ...BASE.spec, tolerations: [{ key: 'b' }, { key: 'a' }] } },
      false,
      false,
    ],
    [
      'an unknown field',
      BASE,
      { ...BASE, spec: { ...BASE.spec, someFieldOfTomorrow: { deep: [1, { x: 0 }] } } },
      false,
      false,
    ],
    ['null and absent', BASE, { ...BASE, spec: { ...BASE.spec, more: null } }, false, false],
  ])('%s', (_, a, b, same, bits) => {
    expect([sameTemplate(a, b), sameTemplate(b, a)]).toEqual([same, same]);
    expect([sameBits(a, b), sameBits(b, a)]).toEqual([bits, bits]);
    expect(templateDigest(a) === templateDigest(b)).toBe(bits);
  });
});

test('the digest is what ledgers in clusters already hold: it must not change', () => {
  expect(templateDigest(BASE)).toBe('bf77a1f29948600e650cb39f13eeb09f9ef1d764362e8be3d7c2d33e481ecc15');
});

test('keys that look like numbers or like JavaScript do not confuse it', () => {
  const tricky = JSON.parse('{"metadata":{"labels":{"10":"a","9":"b","__proto__":"c"}},"spec":{"containers":[]}}');
  const other = JSON.parse('{"metadata":{"labels":{"__proto__":"d","9":"b","10":"a"}},"spec":{"containers":[]}}');
  expect(sameTemplate(tricky, copyOf(tricky))).toBe(true);
  expect(sameTemplate(tricky, other)).toBe(false);
});

test('a ReplicaSet of a real cluster carries its Deployment template', () => {
  const { deployment, replicaSets } = readFixture('mid-rollout');
  const same = replicaSets.map(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
  expect(same.filter(Boolean)).toHaveLength(1);
  expect(replicaSets.map(({ spec }) => withoutHash(spec.template))).toContainEqual(deployment.spec.template);
});

test('nothing is changed in place', () => {
  const before = copyOf(hashed);
  withoutHash(hashed);
  stamped(hashed, '1.0');
  restarted(hashed, 'now');
  templateDigest(hashed);
  expect(hashed).toEqual(before);
});

test('stamp and restart are added to what is there', () => {
  expect(stamped(BASE, '1.0').metadata?.annotations).toEqual({ team: 'shop', [RELEASE_STAMP]: '1.0' });
  expect(restarted(stamped(BASE, '1.0'), 'now').metadata?.annotations).toEqual({
    team: 'shop',
    [RELEASE_STAMP]: '1.0',
    [RESTARTED_AT]: 'now',
  });
  expect(stamped({ spec: BASE.spec }, '1.0').metadata?.annotations).toEqual({ [RELEASE_STAMP]: '1.0' });
});

test('images are those of all containers, by name', () => {
  expect(imagesOf(BASE)).toEqual({ migrate: 'web:1', app: 'web:1', side: '' });
  expect(formatImages({ app: 'web:1', side: 'envoy:2' })).toBe('app=web:1, side=envoy:2');
  expect(formatImages({})).toBe('');
});
