import { GitHubError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** How long somebody waits for GitHub. Milliseconds. */
export interface Patience {
  readonly ms: number;
  /** What is left of it once the run is told to end; none unless given. */
  readonly lastMs?: number;
}

/** The end of the patience, for whoever was given up on to tell what came of the tries. Milliseconds. */
export const LAST_WORD_MS = 100;

/** Sleeps until the patience is over, or `signal` aborts. */
export async function outlast(
  { clock, interrupt }: { readonly clock: Clock; readonly interrupt: AbortSignal },
  { ms, lastMs = 0 }: Patience,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(ms, AbortSignal.any([signal, interrupt]));
  if (interrupt.aborted && lastMs > 0) await clock.sleep(lastMs, signal);
}

/**
 * What GitHub answers while there is patience; the signal tells the requests that nobody waits for them any more, and
 * its reason what to say of that where no try ended worse. Throws GitHubError: of the last try that ended, if one did.
 */
export async function answerWithin<T>(
  ports: { readonly clock: Clock; readonly interrupt: AbortSignal },
  patience: Patience,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [answered, late] = [new AbortController(), new AbortController()];
  const first = { ...patience, ms: patience.ms - LAST_WORD_MS };
  const tooLate = outlast(ports, first, answered.signal).then(async () => {
    const within = ports.interrupt.aborted
      ? 'before the run was cancelled'
      : `within ${Math.round(patience.ms / 1000)} s`;
    const error = new GitHubError('unreachable', `GitHub did not answer ${within}`);
    late.abort(error);
    if (!ports.interrupt.aborted) await ports.clock.sleep(LAST_WORD_MS, answered.signal);
    throw error;
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([ask(late.signal), tooLate]);
  } finally {
    answered.abort();
  }
}
