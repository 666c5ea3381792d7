import { nothingTallied, type Tally, tally } from '../checks/tally.ts';
import type { Check, Clock, Log } from '../ports.ts';
import type { CheckReport } from '../result.ts';

export interface ChecksEnd {
  readonly reports: readonly CheckReport[];
  /** What they come to; undefined where the watch was stopped before. */
  readonly verdict: 'passed' | 'failed' | 'inconclusive' | 'error' | undefined;
  /** Which check says so and why; empty when all passed. */
  readonly message: string;
}

/** How far the rollout is that checks accompany. */
export interface Stage {
  /** Whether the old release goes on serving while the new one comes: else being away proves nothing. */
  readonly keepsServing: boolean;
  /** Resolves when every workload is complete for the first time. */
  readonly completed: Promise<void>;
  /** Resolves when nothing else is waited for. */
  readonly over: Promise<void>;
}

/**
 * Looks again and again, from the first moment until nothing else is waited for and every check has passed since the
 * rollout was complete. What failed before the first pod was replaced says nothing about the release, and counts only
 * once the release is all there is. The first check that fails ends it for all; one that cannot tell leaves the others
 * their say.
 */
export async function watchChecks(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  checks: readonly Check[],
  stage: Stage,
  stop: AbortSignal,
): Promise<ChecksEnd> {
  if (checks.length === 0) return { reports: [], verdict: 'passed', message: '' };
  const own = new AbortController();
  const signal = AbortSignal.any([stop, own.signal]);
  const tallies = await Promise.all(
    checks.map(async (check) => {
      const end = await watchCheck({ clock, log }, check, stage, signal);
      if (end.state === 'failed') own.abort();
      return end;
    }),
  );
  const against = ['failed', 'inconclusive', 'error'].flatMap((state) => {
    const index = tallies.findIndex((each) => each.state === state);
    return index < 0 ? [] : [{ name: checks[index]?.name ?? '', end: tallies[index] ?? nothingTallied }];
  })[0];
  const reports = checks.map((check, index) => report(check, tallies[index] ?? nothingTallied));
  if (against) return { reports, verdict: against.end.state as 'failed', message: sentence(against.name, against.end) };
  return { reports, verdict: stop.aborted ? undefined : 'passed', message: '' };
}

async function watchCheck(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  check: Check,
  { keepsServing, completed, over }: Stage,
  stop: AbortSignal,
): Promise<Tally> {
  let [complete, ending, passed] = [false, false, false];
  let known = nothingTallied;
  const woken = Promise.withResolvers<void>();
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  void completed.then(() => {
    complete = true;
  });
  void over.then(() => {
    ending = true;
    woken.resolve();
  });
  let counts = keepsServing && check.early && (await check.look(stop)).state === 'pass';
  for (;;) {
    if (!counts) await Promise.race([completed, stopped]);
    if (stop.aborted) return known;
    const before = complete;
    counts ||= complete;
    const answer = await check.look(stop);
    if (stop.aborted) return known;
    known = tally(known, answer, check.threshold);
    log.info(`check ${check.name}: ${answer.state}, ${answer.message}`);
    passed ||= before && answer.state === 'pass';
    if (isAgainst(known) || (ending && passed && answer.state === 'pass')) return known;
    const pause = new AbortController();
    const due = clock.sleep(check.intervalMs, AbortSignal.any([stop, pause.signal]));
    await Promise.race(before ? (ending ? [due] : [due, woken.promise]) : [due, completed]);
    pause.abort();
    if (ending && passed && answer.state === 'pass') return known;
  }
}

function isAgainst({ state }: Tally): boolean {
  return state === 'failed' || state === 'inconclusive' || state === 'error';
}

function sentence(name: string, { state, inRow, message }: Tally): string {
  const verb = { failed: 'failed', inconclusive: 'had nothing to judge by', error: 'could not be carried out' };
  return `check ${name} ${verb[state as 'failed']} ${inRow} times in a row: ${message}`;
}

function report({ name }: Check, { state, message, passes, failures }: Tally): CheckReport {
  return { name, state: state === 'unknown' ? 'not-run' : state, message, passes, failures };
}
