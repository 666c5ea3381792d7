import type { ClusterEvent } from './objects.ts';

/**
 * When an event was last seen, in milliseconds since the epoch; 0 where it does not say. Events of the old API have
 * `lastTimestamp`, those of the new one `eventTime` and, repeated, a series.
 */
export function timeOf({ series, lastTimestamp, eventTime, metadata }: ClusterEvent): number {
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return Date.parse(times.find((time) => time) ?? '') || 0;
}
