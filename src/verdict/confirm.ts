import type { FailFast } from './policy.ts';
import { type Proof, proofsOf, RULES } from './rules.ts';
import type { Signal } from './signal.ts';

/** The signals that fail a release by the rules of a level. `pods` is how many pods the release has. */
export function confirmed(
  signals: readonly Signal[],
  { level, pods, at }: { readonly level: FailFast; readonly pods: number; readonly at: number },
): readonly Signal[] {
  const isProven = (signal: Signal, { times = 1, pods: wanted = 1, lastingMs = 0 }: Proof) => {
    if (signal.times < times || at - signal.since < lastingMs) return false;
    const alike = signals.filter((other) => other.sign === signal.sign && other.times >= times);
    return podsOf(alike) >= (wanted === 'every' ? pods : wanted);
  };
  return signals.filter((signal) => proofsOf(signal.sign, level).some((proof) => isProven(signal, proof)));
}

/** When time alone makes a signal certain, or worth a warning: the next such moment after `at`. */
export function nextProof(signals: readonly Signal[], level: FailFast, at: number): number | undefined {
  const moments = signals.flatMap(({ sign, since }) => {
    const waits = proofsOf(sign, level).map(({ lastingMs = 0 }) => lastingMs);
    return [...waits, RULES[sign].warnAfterMs ?? 0].map((wait) => since + wait);
  });
  const later = moments.filter((moment) => moment > at);
  return later.length > 0 ? Math.min(...later) : undefined;
}

/** A signal that is no pod's counts as one. */
function podsOf(signals: readonly Signal[]): number {
  return new Set(signals.map(({ pod }) => pod?.uid)).size;
}
