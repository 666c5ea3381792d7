import { describe, expect, test } from '@jest/globals';
import { applyJsonPatch } from '../../sandbox/cluster/patch/json-patch.ts';
import { fieldsOf, type Loan, lend, owed, type RolloutFields } from '../../src/rollout/loan.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { fieldsPatch } from '../../src/rollout/patch.ts';
import { readFixture } from '../fixtures/load.ts';

const OWN = { maxSurge: 1, maxUnavailable: '25%', minReadySeconds: 5, progressDeadlineSeconds: 600, paused: false };
const { maxSurge: _surge, ...OTHERS } = OWN;
const GATE = { maxSurge: 3, maxUnavailable: 0, minReadySeconds: 1000, progressDeadlineSeconds: 2000, paused: true };

const UID = readFixture('healthy').deployment.metadata.uid;

function withFields(fields: RolloutFields): Deployment {
  const { deployment } = readFixture('healthy');
  const strategy = { type: 'RollingUpdate', rollingUpdate: {} };
  const bare = { ...deployment, spec: { ...deployment.spec, strategy } };
  return applyJsonPatch(bare, fieldsPatch(bare, fields)) as Deployment;
}

describe('a loan', () => {
  test('notes what is the Deployment’s own, of what is lent only', () => {
    expect(lend(withFields(OWN), undefined, { maxSurge: 3 })).toEqual({
      uid: UID,
      own: { maxSurge: 1 },
      lent: [{ maxSurge: 3 }],
    });
  });

  test('a second one keeps what was its own at first', () => {
    const first = lend(withFields(OWN), undefined, GATE);
    const second = lend(withFields({ ...OWN, ...GATE }), first, { maxSurge: 6 });
    expect(second).toEqual({ uid: UID, own: OWN, lent: [GATE, { maxSurge: 6 }] });
    // Killed between the note and the write: what stands there is still ours.
    expect(owed(withFields(GATE), second)).toEqual(OWN);
    expect(owed(withFields({ ...GATE, maxSurge: 6 }), second)).toEqual(OWN);
  });

  test('what somebody else set since is their own from then on', () => {
    const first = lend(withFields(OWN), undefined, GATE);
    const theirs = withFields({ ...GATE, maxSurge: '50%' });
    const second = lend(theirs, first, { maxSurge: 6 });
    expect(second.own).toEqual({ ...OWN, maxSurge: '50%' });
  });

  test.each<[string, RolloutFields, Loan | undefined, RolloutFields]>([
    ['nothing without a loan', GATE, undefined, {}],
    ['all that is lent', GATE, { own: OWN, lent: [GATE] }, OWN],
    ['not what somebody else changed', { ...GATE, maxSurge: 7 }, { own: OWN, lent: [GATE] }, OTHERS],
    ['nothing once it is back', OWN, { own: OWN, lent: [GATE] }, {}],
    ['not what was never borrowed', GATE, { own: { maxSurge: 1 }, lent: [{ maxSurge: 3 }] }, { maxSurge: 1 }],
    ['nothing where it was lent what it had', OWN, { own: { maxSurge: 1 }, lent: [{ maxSurge: 1 }] }, {}],
  ])('owes %s', (_, now, loan, expected) => {
    expect(owed(withFields(now), loan)).toEqual(expected);
  });

  test('of a Deployment that had the name before owes nothing', () => {
    const loan = { uid: 'another', own: OWN, lent: [GATE] };
    expect(owed(withFields(GATE), loan)).toEqual({});
    expect(lend(withFields(GATE), loan, { maxSurge: 9 })).toEqual({
      uid: UID,
      own: { maxSurge: 3 },
      lent: [{ maxSurge: 9 }],
    });
  });

  test('given back by one patch, the Deployment is as it was', () => {
    const held = withFields({ ...OWN, ...GATE });
    const loan = lend(withFields(OWN), undefined, GATE);
    const back = applyJsonPatch(held, fieldsPatch(held, owed(held, loan))) as Deployment;
    expect(fieldsOf(back)).toEqual(OWN);
  });

  test('nothing is set over somebody else’s change', () => {
    const held = withFields(GATE);
    const changed = { ...held, metadata: { ...held.metadata, generation: 99 } };
    expect(() => applyJsonPatch(changed, fieldsPatch(held, OWN))).toThrow();
  });
});
