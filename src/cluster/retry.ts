import type { Clock } from '../ports.ts';
import { isPassing } from './connection-error.ts';

const PAUSES_MS = [200, 500, 1_000, 2_000, 4_000];
/** Milliseconds after which nothing is tried again. */
const BUDGET_MS = 30_000;

interface Outcome {
  readonly status: number;
  /** Whether what the status says may pass, although it hardly ever does. */
  readonly mayPass?: boolean;
  readonly headers: { readonly 'retry-after'?: string | undefined };
}

/**
 * Repeats an attempt that met 429, 5xx, a broken connection, or what may pass by its own word: at most 5 times and for
 * 30 s, pausing as Retry-After says.
 * Fit for requests that do no harm when they are applied twice. All of ours are: reads, creations by name, and writes
 * that test a generation or a resourceVersion; the second one of these fails with a conflict, and the caller reads again.
 */
export async function withRetries<T extends Outcome>(
  attempt: () => Promise<T>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const started = clock.now();
  for (let count = 0; ; count += 1) {
    const [outcome, error] = await attempt().then(
      (value) => [value, undefined] as const,
      (thrown: unknown) => [undefined, thrown] as const,
    );
    const pause = outcome ? pauseAfterAnswer(outcome, count) : isPassing(error) ? PAUSES_MS[count] : undefined;
    const over = pause === undefined || signal?.aborted || clock.now() + pause - started > BUDGET_MS;
    if (!over) await clock.sleep(pause, signal);
    else if (outcome) return outcome;
    else throw error;
  }
}

function pauseAfterAnswer({ status, headers, mayPass: said }: Outcome, count: number): number | undefined {
  const mayPass = said || status === 429 || (status >= 500 && status !== 501 && status !== 505);
  const pause = PAUSES_MS[count];
  if (!mayPass || pause === undefined) return undefined;
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(seconds * 1_000, pause) : pause;
}
