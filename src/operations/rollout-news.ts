import type { Clock, Log } from '../ports.ts';
import type { Cause, CauseCode } from '../verdict/cause.ts';
import type { Assessment } from './assess-rollout.ts';

/** What is said while a rollout is watched. */
export interface News {
  /** Each news once, with seconds since the beginning. */
  readonly timeline: readonly { readonly at: number; readonly text: string }[];
  /** What was odd, each once. */
  readonly warnings: ReadonlySet<string>;
  /** Says what is new, and each warning once. */
  tell(assessment: Pick<Assessment, 'message' | 'warnings' | 'explain'>): void;
  /** Waits for an answer of the API server, and says so, once for as long as none comes. */
  awaitAnswer<T>(answer: Promise<T>): Promise<T>;
}

/** Milliseconds without news, after which a log says how it stands: a person may think that it hangs. */
const SILENCE_MS = 60_000;
/** Milliseconds for which a cause must last that no verdict was come to by: blips are no news. */
const BLIP_MS = 5_000;
/** What every good pod goes through, and what the judge warns of. */
const UNTOLD: readonly CauseCode[] = ['not-ready', 'container-crashed', 'out-of-memory'];
/** Milliseconds. */
const LONGEST_ANSWER_MS = 10_000;

/** Tells the log how a rollout goes until it is `over`; `name` is the workload's. */
export function createNews(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  name: string,
  over: AbortSignal,
): News {
  const timeline: { at: number; text: string }[] = [];
  const warnings = new Set<string>();
  const begin = clock.now();
  const seen = new Set<CauseCode>(UNTOLD);
  let saidAt = begin;
  let away = false;
  let explain = (): Cause | undefined => undefined;
  const seconds = () => (clock.now() - begin) / 1000;

  const watchFor = async ({ code }: Cause) => {
    await clock.sleep(BLIP_MS, over);
    const lasting = explain();
    if (over.aborted || lasting?.code !== code) return void seen.delete(code);
    saidAt = clock.now();
    log.info(`${name}: ${lasting.message}`);
  };
  const breakSilence = async () => {
    while (!over.aborted) {
      await clock.sleep(Math.max(1, saidAt + SILENCE_MS - clock.now()), over);
      if (over.aborted || clock.now() - saidAt < SILENCE_MS) continue;
      saidAt = clock.now();
      const [now, why] = [timeline.at(-1)?.text, explain()];
      if (now === undefined) continue;
      log.info(`${name}: after ${Math.round(seconds())} s still ${now}${why ? `; ${why.message}` : ''}`);
    }
  };
  // What is said beside a rollout must not end it.
  const beside = (telling: Promise<void>) => void telling.catch(() => undefined);
  beside(breakSilence());
  return {
    timeline,
    warnings,
    tell(assessment) {
      const { message } = assessment;
      explain = assessment.explain;
      const cause = explain();
      if (cause && !seen.has(cause.code)) {
        seen.add(cause.code);
        beside(watchFor(cause));
      }
      if (message !== timeline.at(-1)?.text) {
        timeline.push({ at: seconds(), text: message });
        saidAt = clock.now();
        log.info(`${name}: ${message}`);
      }
      for (const warning of assessment.warnings.filter((text) => !warnings.has(text))) {
        warnings.add(warning);
        saidAt = clock.now();
        log.warn(`${name}: ${warning}`);
      }
    },
    async awaitAnswer(answer) {
      const answered = new AbortController();
      const signal = AbortSignal.any([over, answered.signal]);
      const sayWhenLate = async () => {
        await clock.sleep(LONGEST_ANSWER_MS, signal);
        if (signal.aborted || away) return;
        away = true;
        saidAt = clock.now();
        log.warn(`${name}: the API server does not answer; waiting for it`);
      };
      beside(sayWhenLate());
      try {
        const value = await answer;
        away = false;
        return value;
      } finally {
        answered.abort();
      }
    },
  };
}
