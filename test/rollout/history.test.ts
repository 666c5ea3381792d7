import { describe, expect, test } from '@jest/globals';
import { findLive, isOwned, revisionsOf } from '../../src/rollout/history.ts';
import { CHANGE_CAUSE, REVISION } from '../../src/rollout/marks.ts';
import type { ReplicaSet } from '../../src/rollout/objects.ts';
import { readFixture } from '../fixtures/load.ts';
import { deploymentOf, podTemplate, replicaSetOf, workloadOf } from '../release/workload.ts';

const V10 = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11 = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };

describe('revisionsOf', () => {
  test('as a real cluster shows them: newest number first, with what names them', () => {
    const { deployment, replicaSets } = readFixture('mid-rollout');
    expect(revisionsOf(deployment, replicaSets)).toMatchObject([
      { number: 2, stamp: '1.1', changeCause: '1.1', live: true, images: { web: 'rollkey.test/web:1.1-unready' } },
      { number: 1, stamp: '1.0', changeCause: '1.0', live: false, images: { web: 'rollkey.test/web:1.0' } },
    ]);
  });

  test('numbers are compared as numbers', () => {
    const made = [V10, V11].map((each, index) => ({ ...each, number: index + 9 }));
    expect(workloadOf(made).revisions.map(({ number }) => number)).toEqual([10, 9]);
  });

  test.each([
    ['missing', undefined, 0],
    ['empty', '', 0],
    ['no number', 'two', 0],
    ['too large', '9007199254740993', 0],
    ['a number', '12', 12],
  ])('a revision annotation that is %s', (_, value, number) => {
    const made = replicaSetOf(V10, 1);
    const { [REVISION]: _number, ...others } = made.metadata.annotations ?? {};
    const annotations = value === undefined ? others : { ...others, [REVISION]: value };
    const [revision] = revisionsOf(deploymentOf(V10), [{ ...made, metadata: { ...made.metadata, annotations } }]);
    expect(revision?.number).toBe(number);
  });

  test('change-cause: that of the ReplicaSet, else that of the template, as kubectl has it', () => {
    const made = replicaSetOf({ image: 'web:1.0' }, 1);
    const template = { ...made.spec.template, metadata: { annotations: { [CHANGE_CAUSE]: 'from the template' } } };
    const inTemplate = { ...made, spec: { ...made.spec, template } };
    const causes = (replicaSet: ReplicaSet) => revisionsOf(deploymentOf({}), [replicaSet])[0]?.changeCause;
    expect(causes(inTemplate)).toBe('from the template');
    const annotations = { ...made.metadata.annotations, [CHANGE_CAUSE]: 'own' };
    expect(causes({ ...inTemplate, metadata: { ...made.metadata, annotations } })).toBe('own');
    expect(causes(made)).toBe('');
  });
});

describe('ownership', () => {
  const owned = replicaSetOf(V10, 1);
  const owner = { kind: 'Deployment', name: 'web', uid: 'deployment-uid' };
  const withOwners = (ownerReferences: ReplicaSet['metadata']['ownerReferences']): ReplicaSet => {
    const { ownerReferences: _, ...metadata } = owned.metadata;
    return { ...owned, metadata: { ...metadata, ...(ownerReferences && { ownerReferences }) } };
  };

  test.each([
    ['controlled by this Deployment', [{ ...owner, controller: true }], true],
    ['by its namesake that was deleted', [{ ...owner, uid: 'older', controller: true }], false],
    ['owned, not controlled', [owner], false],
    ['controlled by one, owned by another', [{ ...owner, uid: 'else', controller: true }, owner], false],
    ['orphaned', undefined, false],
  ])('%s', (_, owners, isOurs) => {
    expect(isOwned(withOwners(owners), deploymentOf(V10))).toBe(isOurs);
    expect(revisionsOf(deploymentOf(V10), [withOwners(owners)])).toHaveLength(isOurs ? 1 : 0);
  });
});

describe('findLive', () => {
  const [older, younger] = [replicaSetOf({ ...V10, minute: 1 }, 5), replicaSetOf({ ...V10, minute: 2 }, 4)];
  const twin = replicaSetOf({ ...V10, minute: 1 }, 6);

  test.each([
    ['the oldest, of two with the same template', [younger, older], older],
    ['the first by name, of two as old', [twin, older], older],
    ['none, without an equal template', [replicaSetOf(V11, 1)], undefined],
    ['none of none', [], undefined],
  ])('%s', (_, replicaSets, live) => {
    expect(findLive(podTemplate(V10), replicaSets)).toBe(live);
    expect(findLive(podTemplate(V10), [...replicaSets].reverse())).toBe(live);
  });
});
