import type { AuditEntry } from '../bed/audit-log.ts';
import type { Tool } from './command.ts';

/** What a tool asked between two times on the clock of `performance.now()`, by the API server's own audit log. */
export interface Asked {
  /** Without watches. */
  readonly requests: number;
  readonly watches: number;
  /** When the first write of a Deployment reached the server, on the same clock; NaN without one. */
  readonly wroteAt: number;
}

/** Counts a tool's requests in a span of time, told by their user agent. */
export function asked(
  entries: readonly AuditEntry[],
  { userAgent }: Pick<Tool, 'userAgent'>,
  from: number,
  to: number,
): Asked {
  const own = entries.filter((entry) => {
    const at = onOurClock(entry.received);
    return entry.userAgent.startsWith(userAgent) && at >= from && at <= to;
  });
  const watches = own.filter(({ verb }) => verb === 'watch').length;
  const write = own.find(({ verb, resource }) => verb === 'patch' && resource === 'deployments');
  return { requests: own.length - watches, watches, wroteAt: write ? onOurClock(write.received) : Number.NaN };
}

/** A moment on the clock of `performance.now()`, cut to whole milliseconds as the audit log's are. */
export function onAuditClock(at: number): Date {
  return new Date(Math.floor(performance.timeOrigin + at));
}

/** The end of the millisecond, so that what came after a moment does not seem to have come before it. */
function onOurClock(time: Date): number {
  return time.getTime() + 1 - performance.timeOrigin;
}
