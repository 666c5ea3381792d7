import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestRecord } from './request-log.ts';

/** An answer that a test gives in the server's place. */
export interface ForcedAnswer {
  readonly answer: number;
  readonly retryAfterSeconds?: number;
  readonly message?: string;
}

/** What a test does to a request: answer it itself, hold it, cut its connection, or do something first. */
export type Fault =
  | ForcedAnswer
  | { readonly delayMs: number }
  | { readonly cut: true }
  | { readonly run: (request: RequestRecord) => void | Promise<void> };

export type RequestMatch = (request: RequestRecord) => boolean;

export type Verdict = ForcedAnswer | 'cut' | 'serve';

export type RequestFaults = ReturnType<typeof createRequestFaults>;

/** Holds the faults of a test; each applies to the next `times` requests that match. */
export const createRequestFaults = () => {
  const armed: { readonly match: RequestMatch; readonly fault: Fault; left: number }[] = [];
  return {
    /** Arms a fault; returns how to disarm it. */
    beforeRequest: (match: RequestMatch, fault: Fault, times = 1): (() => void) => {
      const entry = { match, fault, left: times };
      armed.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    /** Carries out what is armed for a request and says how to go on. */
    meet: async (request: RequestRecord): Promise<Verdict> => {
      for (const entry of armed.filter(({ left, match }) => left > 0 && match(request))) {
        entry.left -= 1;
        const { fault } = entry;
        if ('answer' in fault) return fault;
        if ('cut' in fault) return 'cut';
        if ('delayMs' in fault) await sleep(fault.delayMs, undefined, { ref: false });
        else await fault.run(request);
      }
      return 'serve';
    },
  };
};
