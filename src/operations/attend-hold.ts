import type { Clock, Log } from '../ports.ts';
import type { Result } from '../result.ts';

/** What a look at a canary that is held comes to. */
export type Look =
  | { readonly kind: 'well' }
  /** It could not be seen, which says nothing about it. */
  | { readonly kind: 'unseen'; readonly why: string }
  /** It is held no more, or not by this run: what came of it. */
  | { readonly kind: 'over'; readonly result: Result };

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the run is told to end. */
  readonly interrupt: AbortSignal;
}

/** How often a hold is looked at, unless it is short or very long. */
const LOOKS = 10;
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Waits while a canary is held, and looks at it all along. Returns how its hold ended before its time, and for how many
 * milliseconds it was held by then; undefined where the time is over, or the run is told to end. The last look is for
 * whoever lets it go on.
 */
export async function attendHold(
  { clock, log, interrupt }: Ports,
  holdMs: number,
  look: () => Promise<Look>,
): Promise<{ readonly result: Result; readonly heldMs: number } | undefined> {
  const begin = clock.now();
  const pause = Math.min(Math.max(holdMs / LOOKS, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  let unseen = false;
  for (;;) {
    await clock.sleep(Math.min(pause, begin + holdMs - clock.now()), interrupt);
    const heldMs = clock.now() - begin;
    if (interrupt.aborted || heldMs >= holdMs) return undefined;
    const seen = await look();
    if (seen.kind === 'over') return { result: seen.result, heldMs };
    if (interrupt.aborted || clock.now() - begin >= holdMs) return undefined;
    // However long the API server is away, the log says so once.
    if (seen.kind === 'unseen' && !unseen) log.warn(`${seen.why}; the canary stays held, and is looked at again`);
    unseen = seen.kind === 'unseen';
  }
}
