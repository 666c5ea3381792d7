import type { Cause } from '../../src/verdict/cause.ts';
import { explain, type Judged, judge, type Memory, nothingSeen, type Seen } from '../../src/verdict/judge.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { type Moment, readLife } from '../fixtures/load.ts';

export interface Replayed {
  /** Seconds after which the release failed, and by what. */
  readonly failedAt: number | undefined;
  readonly cause: Cause | undefined;
  /** What was warned of, with the second in which it first was. */
  readonly warnings: Readonly<Record<string, number>>;
  readonly last: Judged;
  /** What a deadline at the end would say. */
  readonly explanation: Cause | undefined;
}

/** Judges a recorded rollout as a watch would have: at each change, and whenever a grace ran out. */
export function replay(name: string, policy: Policy): Replayed {
  const moments = readLife(name);
  const warnings: Record<string, number> = {};
  let completed = false;
  let memory: Memory = nothingSeen;
  let judged: Judged | undefined;
  let seen: Seen | undefined;
  for (const [index, moment] of moments.entries()) {
    completed ||= isComplete(moment);
    const until = moments[index + 1]?.at ?? moment.at;
    for (let at: number | undefined = moment.at; at !== undefined && (at === moment.at || at < until); ) {
      const desired = moment.deployment.spec.replicas ?? 1;
      seen = { ...moment, desired, completeWith: completed ? desired : undefined, began: undefined, at };
      judged = judge(memory, seen, policy);
      memory = judged.memory;
      for (const warning of judged.warnings) warnings[warning] ??= at / 1000;
      const { cause } = judged;
      if (cause) return { failedAt: at / 1000, cause, warnings, last: judged, explanation: explain(memory, seen) };
      at = judged.wakeAt;
    }
  }
  if (!judged || !seen) throw new Error(`${name} is empty`);
  return { failedAt: undefined, cause: undefined, warnings, last: judged, explanation: explain(memory, seen) };
}

function isComplete({ deployment, carrier }: Moment): boolean {
  const { spec, status = {}, metadata } = deployment;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration } = status;
  const available = carrier?.status?.availableReplicas ?? 0;
  const counts = [replicas, updatedReplicas, availableReplicas, available];
  return observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas);
}
