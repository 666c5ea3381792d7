import { describe, expect, test } from '@jest/globals';
import { findNewReplicaSet, renumbered } from '../../../../sandbox/cluster/controllers/revisions.ts';
import { equalIgnoringHash, templateHash, withHash } from '../../../../sandbox/cluster/controllers/template-hash.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../../../../sandbox/cluster/model/workload-objects.ts';

const revision = 'deployment.kubernetes.io/revision';
const history = 'deployment.kubernetes.io/revision-history';
const template = (image: string): PodTemplate => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
});

describe('renumbering', () => {
  test.each([
    ['a new ReplicaSet', {}, 1, { [revision]: '1' }],
    ['one that is the newest already', { [revision]: '3' }, 3, { [revision]: '3' }],
    ['one that is reused', { [revision]: '1' }, 3, { [revision]: '3', [history]: '1' }],
    ['one that is reused again', { [revision]: '3', [history]: '1' }, 5, { [revision]: '5', [history]: '1,3' }],
  ])('%s', (_, before, number, after) => {
    expect(renumbered(before, number)).toEqual(after);
  });

  test('drops the oldest numbers beyond 2000 characters', () => {
    const numbers = Array.from({ length: 500 }, (_, index) => String(1000 + index));
    const kept = renumbered({ [revision]: '1500', [history]: numbers.join() }, 1501)[history] ?? '';
    expect(kept.length).toBeLessThanOrEqual(2000);
    expect(kept).toMatch(/,1499,1500$/);
  });
});

describe('the new ReplicaSet is', () => {
  const deployment = { spec: { template: template('web:1') } } as Deployment;
  const set = (name: string, creationTimestamp: string, image: string) =>
    ({ metadata: { name, creationTimestamp }, spec: { template: withHash(template(image), name) } }) as ReplicaSet;

  test.each([
    ['the one with the same template', [set('a', '1', 'web:2'), set('b', '2', 'web:1')], 'b'],
    ['the oldest of several', [set('b', '2', 'web:1'), set('c', '1', 'web:1')], 'c'],
    ['the first by name within a second', [set('b', '1', 'web:1'), set('a', '1', 'web:1')], 'a'],
    ['none', [set('a', '1', 'web:2')], undefined],
  ])('%s', (_, sets, name) => {
    expect(findNewReplicaSet(deployment, sets)?.metadata.name).toBe(name);
  });
});

describe('the template hash', () => {
  test('depends on the content and the collisions, not on the order of members', () => {
    const { metadata, spec } = template('web:1');
    expect(templateHash({ spec, ...(metadata === undefined ? {} : { metadata }) }, 0)).toBe(
      templateHash(template('web:1'), 0),
    );
    expect(
      new Set([
        templateHash(template('web:1'), 0),
        templateHash(template('web:2'), 0),
        templateHash(template('web:1'), 1),
      ]).size,
    ).toBe(3);
    expect(templateHash(template('web:1'), 0)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{6,10}$/);
  });

  test('does not count when templates are compared', () => {
    expect(equalIgnoringHash(withHash(template('web:1'), 'a'), template('web:1'))).toBe(true);
    expect(equalIgnoringHash(template('web:1'), template('web:2'))).toBe(false);
  });
});
