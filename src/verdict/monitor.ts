import type { Look, Seen } from './look.ts';

/**
 * When every desired pod has been watched for `monitorMs` since it first was ready, without a crash since (Swarm's
 * `monitor`, a window for each task). Undefined where pods may not be seen.
 */
export function quietAt({ memory, pods }: Look, seen: Seen, monitorMs: number): number | undefined {
  const { desired, completeWith = desired } = seen;
  if (desired === 0) return seen.at;
  if (!seen.pods) return undefined;
  // Who scales it up in the window asks for more pods, and not for another window.
  const watched = Math.min(desired, completeWith);
  const ready = pods
    .map(({ metadata }) => memory.incarnations[metadata.uid]?.readyAt)
    .filter((readyAt) => readyAt !== undefined)
    .sort((a, b) => a - b);
  const last = ready[watched - 1];
  return last === undefined ? undefined : last + monitorMs;
}
