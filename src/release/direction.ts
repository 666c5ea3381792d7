import { compareReleases } from './version-order.ts';

/** `none`: the same place; `unknown`: neither versions nor history tell. */
export type Direction = 'up' | 'down' | 'none' | 'unknown';

/**
 * Which way a release lies from the live one: by version, and where versions are equal or unordered, by `history`
 * (newest first). What is live but not in the history came by another hand, so it is newer than all of it.
 */
export function directionTo(wanted: string, live: string | undefined, history: readonly string[]): Direction {
  if (wanted === live) {
    return 'none';
  }
  const order = live === undefined ? undefined : compareReleases(wanted, live);
  if (order) {
    return order > 0 ? 'up' : 'down';
  }
  if (history.includes(wanted)) {
    return history.indexOf(wanted) < placeOf(live, history) ? 'up' : 'down';
  }
  return order === 0 ? 'none' : 'unknown';
}

function placeOf(live: string | undefined, history: readonly string[]): number {
  return live === undefined ? -1 : history.indexOf(live);
}
