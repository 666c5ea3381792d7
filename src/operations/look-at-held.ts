import { ClusterError } from '../errors.ts';
import { notAsked } from './admission.ts';
import type { Look } from './attend-hold.ts';
import { lookUpBlocked } from './blocked-targets.ts';
import { openBlocking } from './blocking.ts';
import { deferLog } from './deferred-log.ts';
import { endStage, type Ridden } from './end-stage.ts';
import { isRefuted, type Leg } from './leg.ts';
import { decide, type Refused, type Train } from './prepare.ts';
import { lookAtCanaries } from './recheck-canary.ts';
import type { RollPorts } from './roll-workload.ts';
import { type Hold, takenOver } from './taken-over.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult } from './train-result.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { clusterReason } from './workload-result.ts';

/** What takes so long is not well yet: then the log says what is waited for. */
const LONG_LOOK_MS = 30_000;

/**
 * Looks at canaries that this run holds, as whoever lets them go on does, and lets none go on. Where all is well, nothing
 * is written and nothing said; what is not is taken back as it would be then; a check that cannot tell has until the end of the hold. Throws
 * ClusterError once something was touched.
 */
export async function lookAtHeld(ports: RollPorts, request: TrainRequest, hold: Hold): Promise<Look> {
  const log = deferLog(ports.log);
  const done = new AbortController();
  void ports.clock.sleep(LONG_LOOK_MS, done.signal).then(() => done.signal.aborted || log.tell());
  const seen = await see({ ...ports, log }, request, hold).finally(() => done.abort());
  if (ports.interrupt.aborted || seen === 'well') return { kind: 'well' };
  if ('unseen' in seen) return { kind: 'unseen', why: seen.unseen };
  log.tell();
  if ('reasonCode' in seen) return { kind: 'over', result: refusedResult(request, seen) };
  const admission = notAsked(seen.train);
  const blocking = openBlocking(ports, request, admission.standings);
  const barred = lookUpBlocked(ports, request, seen.train);
  return { kind: 'over', result: await endStage(ports, seen, { admission, blocking, barred }) };
}

type Refusal = Pick<Refused, 'reasonCode' | 'problems'>;
/** Why nothing could be seen: an API server that does not answer, or not to us, says nothing about a release. */
type Unseen = { readonly unseen: string };

/** What one look shows: that all is as it was, or nothing, or why there is nothing to hold any more, or what is not well. */
async function see(ports: RollPorts, request: TrainRequest, hold: Hold): Promise<'well' | Unseen | Refusal | Ridden> {
  const train = await unlessCancelled(read(ports, request), ports.interrupt);
  if (train === undefined) return 'well';
  if (!('steps' in train)) return train;
  const taken = takenOver(train, hold);
  if (taken) return taken;
  const looked = await lookAtCanaries(ports, train, request);
  if (looked === undefined) return 'well';
  const [unseen] = [...looked.legs.flatMap(unseenIn), ...untold(looked.checks)];
  const isVerdict = looked.legs.some(isRefuted) || looked.checks.verdict === 'failed';
  return unseen === undefined || isVerdict ? { ...looked, train, request } : { unseen };
}

/** A check that cannot tell says nothing about a release; whoever lets it go on asks it once more. */
function untold({ verdict, message }: ChecksEnd): readonly string[] {
  return verdict === 'inconclusive' || verdict === 'error' ? [message] : [];
}

async function read(ports: RollPorts, request: TrainRequest): Promise<Train | Refusal | Unseen> {
  try {
    const train = await decide(ports, request);
    const unread = train.surveys.flatMap(({ ledgerProblem }) => ledgerProblem ?? [])[0];
    return unread === undefined ? train : { unseen: unread };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const { kind, message } = error;
    return kind === 'not-found' ? { reasonCode: clusterReason(error), problems: [message] } : { unseen: message };
  }
}

function unseenIn(leg: Leg): readonly string[] {
  return leg.kind === 'ended' && leg.result.reasonCode.startsWith('cluster-') ? [leg.result.message] : [];
}

/** Undefined where the run was told to end before: nobody waits then for an API server that is away. */
async function unlessCancelled<T>(doing: Promise<T>, interrupt: AbortSignal): Promise<T | undefined> {
  const done = new AbortController();
  const cancelled = Promise.withResolvers<undefined>();
  interrupt.addEventListener('abort', () => cancelled.resolve(undefined), { signal: done.signal });
  if (interrupt.aborted) cancelled.resolve(undefined);
  try {
    return await Promise.race([doing, cancelled.promise]);
  } finally {
    done.abort();
  }
}
