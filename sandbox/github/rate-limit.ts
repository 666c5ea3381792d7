import type { FakeClock } from './fake-clock.ts';
import { type Reply, refusal } from './reply.ts';

/** How much one login may ask for. */
export interface RateLimits {
  readonly requestsPerHour?: number;
  /** GitHub says no number; writers of many records meet it. */
  readonly writesPerMinute?: number;
}

export interface RateLimit {
  /** Counts a request; gives the refusal of one too many. */
  readonly count: (login: string, writes: boolean) => Reply | undefined;
  /** What every answer says of it. */
  readonly headers: (login: string) => Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** GitHub's limits: so many requests in an hour, and so many writes in a minute. */
export const createRateLimit = (limits: RateLimits, clock: FakeClock): RateLimit => {
  const { requestsPerHour = 1_000_000, writesPerMinute = Number.POSITIVE_INFINITY } = limits;
  const seen = new Map<string, { readonly all: number[]; readonly writes: number[] }>();
  const of = (login: string) => {
    const entry = seen.get(login) ?? { all: [], writes: [] };
    seen.set(login, entry);
    dropUntil(entry.all, clock.now() - HOUR_MS);
    dropUntil(entry.writes, clock.now() - MINUTE_MS);
    return entry;
  };
  return {
    count: (login, writes) => {
      const entry = of(login);
      if (entry.all.length >= requestsPerHour) return refusal(403, `API rate limit exceeded for ${login}.`);
      entry.all.push(clock.now());
      if (!writes) return undefined;
      if (entry.writes.length >= writesPerMinute) return tooMuchAtOnce(403, MINUTE_MS / 1000);
      entry.writes.push(clock.now());
      return undefined;
    },
    headers: (login) => {
      const { all } = of(login);
      return limitHeaders(requestsPerHour, requestsPerHour - all.length, (all[0] ?? clock.now()) + HOUR_MS);
    },
  };
};

/** The headers that say how many requests are left, and until when. `resetAt`: milliseconds since the epoch. */
export function limitHeaders(limit: number, left: number, resetAt: number): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-used': String(limit - left),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

/** The refusal of the secondary limits. */
export function tooMuchAtOnce(status: 403 | 429, retryAfterSeconds: number | undefined): Reply {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return refusal(status, message, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
}

function dropUntil(times: number[], until: number): void {
  while (times[0] !== undefined && times[0] <= until) times.shift();
}
