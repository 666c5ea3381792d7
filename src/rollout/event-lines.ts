import { timeOf } from './event-time.ts';
import type { ClusterEvent } from './objects.ts';

/**
 * Events as lines, `4 times Warning BackOff pod/web-x: …`, alike ones as one: warnings first, since they tell why, each
 * kind with the newest last. Of more than `most` the newest warnings stay, then the newest others.
 */
export function eventLines(events: readonly ClusterEvent[], most: number): readonly string[] {
  const alike = Map.groupBy(events, textOf);
  const lines = [...alike].map(([text, said]) => {
    const times = said.reduce((sum, event) => sum + countOf(event), 0);
    const at = Math.max(...said.map(timeOf));
    return { text: times > 1 ? `${times} times ${text}` : text, at, isWarning: said[0]?.type === 'Warning' };
  });
  return lines
    .toSorted((one, other) => Number(other.isWarning) - Number(one.isWarning) || other.at - one.at)
    .slice(0, most)
    .toSorted((one, other) => Number(other.isWarning) - Number(one.isWarning) || one.at - other.at)
    .map(({ text }) => text);
}

function textOf({
  type = 'Normal',
  reason = '',
  message = '',
  involvedObject: { kind = '', name = '' },
}: ClusterEvent) {
  return `${type} ${reason} ${kind.toLowerCase()}/${name}: ${message.trim()}`;
}

function countOf({ series, count }: ClusterEvent): number {
  return series?.count ?? count ?? 1;
}
