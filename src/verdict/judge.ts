import { isReady } from '../rollout/pods.ts';
import type { Cause } from './cause.ts';
import { causeOf } from './cause-of.ts';
import { confirmed, nextProof } from './confirm.ts';
import { type Look, look, type Seen } from './look.ts';
import type { Memory } from './memory.ts';
import { quietAt } from './monitor.ts';
import type { Policy } from './policy.ts';
import { isBeyondRatio } from './ratio.ts';
import type { Signal } from './signal.ts';
import { describeSuspicion, type Suspicion, suspectNode } from './suspect-node.ts';
import { warningsOf } from './warnings.ts';

export { type Memory, nothingSeen } from './memory.ts';
export { isTolerable } from './ratio.ts';
export type { Seen };

/** What a moment adds to what is known of a release. */
export interface Judged {
  readonly memory: Memory;
  /** Set: the release failed. */
  readonly cause: Cause | undefined;
  /** What should be said though it decides nothing: whole clauses, the same words for as long as the same thing is meant. */
  readonly warnings: readonly string[];
  /** Milliseconds since the epoch: when to judge again even if nothing changes; undefined if never. */
  readonly wakeAt: number | undefined;
  /** Milliseconds since the epoch: when all pods have been watched for long enough; undefined while one was not ready yet. */
  readonly quietAt: number | undefined;
}

/** Judges a release by what is seen now and what was seen before. Pods are to be the release's own only. */
export function judge(before: Memory, seen: Seen, policy: Policy): Judged {
  const looked = look(before, seen);
  const { memory, pods, signals } = looked;
  const level = policy.failFast;
  const wasWell = policy.wasWell || memory.completedAt !== undefined;
  const counting = wasWell ? signals.filter(isOfRunning) : signals;
  const proven = confirmed(counting, { level, pods: pods.length, at: seen.at });
  const failed = withFailures(memory.failed, proven, seen.desired);
  const suspicion = suspicionOf(signalsOf(failed), looked);
  const unmade = causeOf(proven.filter(({ pod }) => !pod));
  const broken = isBeyondRatio(failed, policy) ? causeOf(signalsOf(failed)) : undefined;
  return {
    // While the node is suspected, its pods may yet recover, or be replaced elsewhere.
    memory: { ...memory, failed: suspicion ? before.failed : failed },
    cause: unmade ?? (suspicion ? undefined : broken),
    warnings: [...warningsOf(signals, seen.at), ...(suspicion ? [describeSuspicion(suspicion)] : [])],
    wakeAt: nextProof(signals, level, seen.at),
    quietAt: quietAt(looked, seen, policy.monitorMs),
  };
}

/**
 * Once a release was complete, pods that find no place were asked for by whoever scales it, or drains a node: no fault of
 * the release.
 */
function isOfRunning({ pod, sign }: Signal): boolean {
  return pod !== undefined && sign !== 'unschedulable';
}

/** The best explanation when a deadline ends the wait, also one that no rule acts on; undefined when nothing is known. */
export function explain(before: Memory, seen: Seen): Cause | undefined {
  const looked = look(before, seen);
  const ready = looked.pods.filter(isReady).map(({ metadata }) => metadata.uid);
  const known = [...looked.signals, ...signalsOf(looked.memory.failed)];
  // What a pod went through explains nothing once it is ready, if another one is not.
  const lasting = known.filter(({ pod }) => !ready.includes(pod?.uid ?? ''));
  const signals = lasting.length > 0 ? lasting : known;
  return causeOf(signals, suspicionOf(signals, looked)?.node);
}

/** The pods that failed before, and those that do now with the most telling signal of each. */
function withFailures(before: Memory['failed'], signals: readonly Signal[], desired: number): Memory['failed'] {
  const failing = new Map(Object.entries(before).map(([uid, { signal }]) => [uid, signal]));
  for (const signal of signals.toReversed()) if (signal.pod) failing.set(signal.pod.uid, signal);
  return Object.fromEntries(
    [...failing].map(([uid, signal]) => [uid, { signal, outOf: Math.max(desired, before[uid]?.outOf ?? 0) }]),
  );
}

function signalsOf(failed: Memory['failed']): readonly Signal[] {
  return Object.values(failed).map(({ signal }) => signal);
}

function suspicionOf(signals: readonly Signal[], { pods }: Look): Suspicion | undefined {
  return suspectNode(
    signals.flatMap(({ pod }) => pod ?? []),
    pods,
  );
}
