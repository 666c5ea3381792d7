import { formatSeconds } from './duration.ts';
import { text } from './markdown.ts';

/** A foreign ISO 8601 time as `2026-11-21 12:00 UTC (3h ago)`; what is no time is shown as it is. */
export function formatMoment(at: string, now: number): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return text(at);
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC (${formatSeconds((now - ms) / 1000)} ago)`;
}
