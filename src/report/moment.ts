import { formatSeconds } from './duration.ts';
import { text } from './markdown.ts';

/** A foreign ISO 8601 time as `11-21 12:00 UTC (3h ago)`, with its year where that is over; what is no time is shown as it is. */
export function formatMoment(at: string, now: number): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return text(at);
  const iso = (each: number) => new Date(each).toISOString();
  const from = iso(ms).slice(0, 4) === iso(now).slice(0, 4) ? 5 : 0;
  return `${iso(ms).slice(from, 16).replace('T', ' ')} UTC (${formatSeconds((now - ms) / 1000)} ago)`;
}
