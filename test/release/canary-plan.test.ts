import { describe, expect, test } from '@jest/globals';
import type { CanarySize, HeldCanary } from '../../src/release/canary.ts';
import {
  type CanaryPlan,
  type CanaryWish,
  type CanaryWorkload,
  planCanary,
  stageText,
} from '../../src/release/canary-plan.ts';
import { emptyLedger } from '../../src/release/ledger.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { gateFields } from '../../src/rollout/canary-gate.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { workloadOf } from './workload.ts';

const STEPS: readonly CanarySize[] = [{ pods: 1 }, { percent: 25 }, { percent: 50 }];
const NEXT: CanaryWish = { sizes: [], to: 'next' };
const ALL: CanaryWish = { sizes: [], to: 'all' };
const BEGIN: CanaryWish = { sizes: STEPS, to: 'next' };
const SAID = { drift: [], warnings: [] };

/** A workload of ten, on 1.0, that is to get 1.1. */
function moving(spec: object = {}, ledgerProblem?: string, replicas = 10): CanaryWorkload {
  const { deployment, replicaSets } = workloadOf([{ image: 'web:1.0', stamp: '1.0', cause: '1.0' }]);
  const { template } = workloadOf([{ image: 'web:1.1', stamp: '1.1', cause: '1.1' }]).deployment.spec;
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: replicas,
    availableReplicas: replicas,
  };
  const now: Deployment = {
    ...deployment,
    spec: { ...deployment.spec, replicas, ...spec },
    status: { ...deployment.status, ...counts },
  };
  const sets = replicaSets.map((set) => ({ ...set, status: { availableReplicas: replicas } }));
  const state = workloadState('deployment/web', now, sets, emptyLedger());
  return {
    state,
    mode: 'deploy',
    change: { kind: 'write', template, source: 'images', resume: false, ...SAID },
    ledgerProblem,
  };
}

interface Standing {
  readonly stands?: boolean;
  readonly replicas?: number;
  readonly gate?: boolean;
  readonly paused?: boolean;
  readonly pods?: number;
  /** Of the release beside it. */
  readonly old?: number;
}

/** A workload whose canary of 1.1 is at a step. */
function held(
  step: number,
  { stands = true, replicas = 10, gate = true, paused = gate, pods = 1, old = replicas }: Standing = {},
): CanaryWorkload {
  const { deployment, replicaSets } = workloadOf([
    { image: 'web:1.0', stamp: '1.0', cause: '1.0' },
    { image: 'web:1.1', stamp: '1.1', cause: '1.1' },
  ]);
  const { maxSurge, maxUnavailable, ...seconds } = gateFields(pods, deployment);
  const rollingUpdate = { maxSurge, maxUnavailable };
  const fields = gate ? { ...seconds, strategy: { type: 'RollingUpdate', rollingUpdate } } : {};
  const now: Deployment = { ...deployment, spec: { ...deployment.spec, replicas, paused, ...fields } };
  const digest = templateDigest(now.spec.template);
  const canary: HeldCanary = {
    ...{ release: '1.1', digest, from: '1.0', sizes: STEPS, step },
    ...(stands && { heldSince: '2026-11-21T12:00:00.000Z' }),
  };
  const sets = replicaSets.map((set, index) => ({ ...set, spec: { ...set.spec, replicas: index === 0 ? old : pods } }));
  const state = workloadState('deployment/web', now, sets, { ...emptyLedger(), canary });
  return { state, mode: 'deploy', change: { kind: 'keep', watch: true, ...SAID }, ledgerProblem: undefined };
}

function stagesOf(plan: CanaryPlan): readonly unknown[] {
  if (plan.kind === 'refused') throw new Error(plan.problems.map(({ message }) => message).join());
  return plan.stages.map((stage) => stage && [stage.canary.step, stage.pods ?? 'all', stage.grows]);
}

function refusal(workload: CanaryWorkload, wish: CanaryWish = BEGIN): string {
  const plan = planCanary('1.1', [workload], wish);
  return plan.kind === 'refused' ? plan.problems.map(({ message }) => message).join() : 'planned';
}

describe('one workload', () => {
  test.each<readonly [string, CanaryWorkload, CanaryWish, readonly unknown[] | undefined]>([
    ['without sizes nothing is held back', moving(), ALL, undefined],
    ['begins with the first size', moving(), BEGIN, [0, 1, true]],
    ['goes on to the next one', held(0), NEXT, [1, 3, true]],
    ['… in whose size the input says the same', held(0), BEGIN, [1, 3, true]],
    ['… to all, past what is left', held(0), ALL, [3, 'all', true]],
    ['… to all after the last one', held(2, { pods: 5 }), NEXT, [3, 'all', true]],
    ['passes over what brings no pod', held(0, { replicas: 4 }), NEXT, [2, 2, true]],
    ['… and takes over where nothing does', held(0, { replicas: 1 }), NEXT, [3, 'all', true]],
    ['sees to a size that was cut off', held(0, { stands: false }), NEXT, [0, 1, false]],
    ['… which was noted and not written', held(1, { stands: false }), NEXT, [1, 3, true]],
    ['sees to everything that was cut off', held(3, { stands: false, gate: false }), NEXT, [3, 'all', false]],
    ['… which was noted and not written', held(3, { stands: false }), NEXT, [3, 'all', true]],
    ['takes over where somebody let it go by hand', held(0, { gate: false, pods: 10 }), NEXT, [3, 'all', false]],
    ['… or reset the gate alone', held(2, { gate: false, pods: 5, paused: true }), NEXT, [3, 'all', true]],
    ['… or scaled the old pods away', held(0, { pods: 10, old: 0 }), NEXT, [3, 'all', true]],
    ['grows again where it lost its pods', held(0, { pods: 0 }), NEXT, [0, 1, true]],
  ])('%s', (_, workload, wish, stage) => {
    expect(stagesOf(planCanary('1.1', [workload], wish))).toEqual([stage]);
  });

  test('another release takes the place of the canary, beside the same old one', () => {
    const other = { ...held(1), change: moving().change };
    const plan = planCanary('1.2', [other], BEGIN);
    expect(plan).toMatchObject({
      stages: [{ canary: { release: '1.2', from: '1.0', step: 0 }, pods: 1, standing: 0 }],
    });
  });
});

describe('a train', () => {
  test.each<readonly [string, readonly CanaryWorkload[], readonly unknown[]]>([
    [
      'goes on together',
      [held(0), held(0)],
      [
        [1, 3, true],
        [1, 3, true],
      ],
    ],
    [
      'waits for who was cut off',
      [held(0), held(0, { stands: false })],
      [
        [0, 1, false],
        [0, 1, false],
      ],
    ],
    [
      'waits for who did not begin',
      [held(0), moving()],
      [
        [0, 1, false],
        [0, 1, true],
      ],
    ],
    [
      'leaves alone who was let go by hand',
      [held(0, { gate: false, pods: 10 }), held(0)],
      [
        [3, 'all', false],
        [1, 3, true],
      ],
    ],
    [
      'catches up',
      [held(1, { pods: 3 }), held(0)],
      [
        [1, 3, false],
        [1, 3, true],
      ],
    ],
    [
      'stays at a size that brings one of them pods',
      [held(0), held(0, { replicas: 2 })],
      [
        [1, 3, true],
        [1, 1, false],
      ],
    ],
  ])('%s', (_, workloads, stages) => {
    expect(stagesOf(planCanary('1.1', workloads, BEGIN))).toEqual(stages);
  });
});

describe('refused', () => {
  test.each<readonly [CanaryWorkload, RegExp]>([
    [moving({ strategy: { type: 'Recreate' } }), /^no canary: its strategy is Recreate.*set RollingUpdate/],
    [moving({}, undefined, 0), /^no canary: it is scaled to 0/],
    [moving({}, 'forbidden; add to its Role: x'), /it needs the ledger.*add to its Role: x/],
    [moving({ replicas: 11 }), /^no canary: 1.0, which is live, is not complete/],
    [{ ...moving(), change: { kind: 'keep', watch: false, ...SAID } }, /has the same template as 1.0, which is live/],
    [{ ...held(0), mode: 'redeploy' }, /a canary of 1.1 is held; promote it, or abort it/],
    [{ ...held(0), mode: 'rollback' }, /nothing to roll back to/],
    [held(0, { replicas: 0 }), /scaled to 0 while one was held/],
  ])('%#', (workload, message) => {
    expect(refusal(workload)).toMatch(message);
  });

  test('only where a canary is wanted', () => {
    expect(refusal(moving({ strategy: { type: 'Recreate' } }), ALL)).toBe('planned');
    expect(refusal({ ...moving({ strategy: { type: 'Recreate' } }), mode: 'rollback' })).toBe('planned');
  });
});

test('the log says what comes', () => {
  const text = (workloads: readonly CanaryWorkload[], wish: CanaryWish) => {
    const plan = planCanary('1.1', workloads, wish);
    return plan.kind === 'planned' ? stageText('1.1', plan.stages) : undefined;
  };
  expect(text([moving()], BEGIN)).toBe('canary of 1.1: goes to 1 pod beside 1.0');
  expect(text([held(0)], ALL)).toBe('canary of 1.1: takes over from 1.0');
  expect(text([moving()], ALL)).toBeUndefined();
});
