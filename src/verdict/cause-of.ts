import type { Cause } from './cause.ts';
import { RULES, type Sign } from './rules.ts';
import type { Signal } from './signal.ts';

const ORDER = Object.keys(RULES) as readonly Sign[];

/** The cause that signals tell of: the most telling one, and every pod that fails by it. Undefined without any. */
export function causeOf(signals: readonly Signal[], suspectNode = ''): Cause | undefined {
  const [first] = [...signals].sort(
    (a, b) => ORDER.indexOf(a.sign) - ORDER.indexOf(b.sign) || b.times - a.times || a.since - b.since,
  );
  if (!first) return undefined;
  const { code, container, clause } = first;
  const alike = signals.filter((signal) => signal.code === code && signal.container === container);
  const pods = [...new Set(alike.flatMap(({ pod }) => pod?.name ?? []))].sort();
  const message = pods.length > 1 ? `${clause} (on ${pods.length} pods)` : clause;
  return { code, message, pods, container, suspectNode };
}
