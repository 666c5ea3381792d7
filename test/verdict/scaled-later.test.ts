import { expect, test } from '@jest/globals';
import { judge, nothingSeen } from '../../src/verdict/judge.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { readLife } from '../fixtures/load.ts';

const POLICY: Policy = { failFast: 'strict', maxFailureRatio: 0, monitorMs: 0 };

test.each(['quota-exceeded', 'admission-denied', 'unschedulable'])(
  '%s is held against a release until it was complete, and against whoever scales it after',
  (life) => {
    const last = readLife(life).at(-1);
    if (!last) throw new Error(`${life} holds no moment`);
    const verdict = (completed: boolean) => {
      const desired = last.deployment.spec.replicas ?? 1;
      const look = (at: number) => ({
        ...last,
        desired,
        completeWith: completed ? desired : undefined,
        began: undefined,
        at,
      });
      const { memory } = judge(nothingSeen, look(0), POLICY);
      return judge(memory, look(120_000), POLICY).cause?.code;
    };
    expect(verdict(false)).toBeDefined();
    expect(verdict(true)).toBeUndefined();
  },
);
