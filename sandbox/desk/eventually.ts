import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** How long to go on asking; half a minute unless given. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** A node on which many stories begin at once takes its time. */
export const PATIENT: Patience = { timeoutMs: 120_000 };

/** Asks again until the answer is neither undefined nor false; rejects with what was waited for and the last error. */
export async function eventually<T>(
  what: string,
  asked: () => Promise<T | undefined | false>,
  { timeoutMs = 30_000, intervalMs = 25 }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    const answer = await asked().catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause: failure });
    await pause(intervalMs);
  }
}
