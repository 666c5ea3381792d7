import { ClusterError, UnseenError } from '../errors.ts';
import type { Clock, Cluster, Log } from '../ports.ts';
import { isReady } from '../rollout/pods.ts';
import type { Cause } from '../verdict/cause.ts';
import { type Assessment, assess, type EndStatus } from './assess-rollout.ts';
import { beforeNews, type Observation, observe } from './observe.ts';
import { readAgain } from './read-again.ts';
import { createNews } from './rollout-news.ts';
import {
  type Awaited,
  beginAnew,
  isDoubtful,
  isSeenComplete,
  nothingAssessed,
  PODS_LAG_MS,
} from './rollout-progress.ts';
import { nameOf } from './workload-name.ts';

export interface RolloutEnd {
  readonly status: EndStatus;
  /** Why it failed, where its objects tell. */
  readonly cause: Cause | undefined;
  /** The objects when it ended. */
  readonly last: Observation;
  /** What was said while it ran, with seconds since the watch began. */
  readonly timeline: readonly { readonly at: number; readonly text: string }[];
  /** What was odd, and decided nothing. */
  readonly warnings: readonly string[];
}

export interface Watch {
  /** Ends the watch early, as `halted`. */
  readonly halt: AbortSignal;
  /** Called when every pod is there for the first time. */
  readonly completed: () => void;
}

/**
 * Waits until a rollout ends, well or badly: complete and well through the window after it, failed by its pods, or out
 * of time. An API that is away for a while is waited for. Throws UnseenError where that is in vain.
 */
export async function watchRollout(
  ports: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  awaited: Awaited,
  { halt, completed }: Watch,
): Promise<RolloutEnd> {
  const { clock } = ports;
  const stop = new AbortController();
  const ended = Promise.withResolvers<{ readonly status: EndStatus; readonly cause: Cause | undefined }>();
  const news = createNews(ports, nameOf(awaited.ref), stop.signal);
  const begin = clock.now();
  let last = beforeNews(awaited);
  let progress = nothingAssessed(awaited, begin);
  let alarm = new AbortController();
  let asking = false;
  let told = false;
  let certain: Observation | undefined;

  const look = () => {
    if (stop.signal.aborted) return;
    const now = clock.now();
    const assessment = assess(progress, last, awaited, now);
    if (!told && isSeenComplete(assessment.progress, last, now)) {
      told = true;
      completed();
    }
    progress = assessment.progress;
    news.tell(assessment);
    const untold = !told && progress.completeWith !== undefined;
    if (!assessment.end) return wake(Math.min(assessment.wakeAt - now, untold ? PODS_LAG_MS : LONGEST_TIMER_MS));
    const isWell = !isBad(assessment.end.status);
    const isSure = isWell && !isUnproven(assessment, last, awaited);
    if (certain === last && isWell && !isSure && isDoubtful(progress, last, awaited, now)) {
      progress = beginAnew(progress, now);
      return wake(Math.max(awaited.policy.monitorMs, PODS_LAG_MS));
    }
    if (isSure || certain === last) return ended.resolve(assessment.end);
    if (asking) return;
    asking = true;
    news
      .awaitAnswer(readAgain(ports.cluster, awaited, last))
      .then((read) => {
        asking = false;
        last = read;
        certain = read;
        look();
        certain = undefined;
      })
      .catch((error: unknown) => {
        asking = false;
        const late = clock.now() - begin >= awaited.timeoutMs;
        if (late || !isAway(error)) return ended.reject(error);
        wake(PAUSE_WHILE_AWAY);
      });
  };
  const wake = (ms: number) => {
    alarm.abort();
    alarm = new AbortController();
    const { signal } = alarm;
    if (ms < LONGEST_TIMER_MS)
      void clock
        .sleep(Math.max(ms, 1), signal)
        .then(() => signal.aborted || look())
        .catch(ended.reject);
  };
  const halted = () =>
    ended.resolve({ status: { state: 'halted', message: 'not waited for any more' }, cause: undefined });

  halt.addEventListener('abort', halted, { once: true });
  if (halt.aborted) halted();
  observe(ports, awaited, stop.signal, (observation) => {
    last = observation;
    look();
  }).catch(ended.reject);
  try {
    const { timeline, warnings } = news;
    return { ...(await ended.promise), last, timeline, warnings: [...warnings] };
  } catch (error) {
    throw error instanceof ClusterError ? new UnseenError(error, news.timeline) : error;
  } finally {
    stop.abort();
    alarm.abort();
    halt.removeEventListener('abort', halted);
  }
}

function isAway(error: unknown): boolean {
  return error instanceof ClusterError && error.kind === 'unreachable';
}

const BAD: readonly EndStatus['state'][] = ['failed', 'stalled', 'timed-out', 'undecided', 'held-up'];

function isBad({ state }: EndStatus): boolean {
  return BAD.includes(state);
}

/**
 * Pods whose watch is cut off again and again were not watched: their window begins when they are read. Of a canary that
 * was held they tell what happened meanwhile.
 */
function isUnproven(
  { end, progress }: Assessment,
  { pods = [], arePodsHidden }: Observation,
  { policy, isHeld }: Awaited,
) {
  const matters = policy.monitorMs > 0 || isHeld === true;
  const isWell = end?.status.state === 'done' && end.status.verified && matters;
  return isWell && !arePodsHidden && pods.filter(isReady).length < (progress.completeWith ?? 1);
}

/** Milliseconds. */
const PAUSE_WHILE_AWAY = 2_000;
/** Longer timers of Node.js end at once. */
const LONGEST_TIMER_MS = 2 ** 31;
