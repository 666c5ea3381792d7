import { ClusterError } from '../errors.ts';
import type { Clock, Cluster, Gate, LedgerStore, Log, StoredLedger, WorkloadRef } from '../ports.ts';
import { findEntry, verdictOf } from '../release/ledger.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { WorkloadResult } from '../result.ts';
import { isEmpty } from '../rollout/loan.ts';
import type { Deployment } from '../rollout/objects.ts';
import { progressing } from '../rollout/status.ts';
import type { Policy } from '../verdict/policy.ts';
import { decideAgain } from './decide-again.ts';
import type { Written } from './guarded-write.ts';
import { recordIntent, recordTaken, recordUnwritten } from './journal.ts';
import type { Leg } from './leg.ts';
import type { Step, Train } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import type { LedgerWrite } from './update-ledger.ts';
import { type Watch, watchRollout } from './watch-rollout.ts';
import { cancelledResult, outrunResult, unnotedResult, unseenResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

export interface RollPorts {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the run is told to end. */
  readonly interrupt: AbortSignal;
  /** What must not be seen in evidence, beyond what looks like a credential. */
  readonly secrets: readonly string[];
  /** Remembers which rollbacks have begun by themselves, for whoever comes after a run that is cut off; none: all ended. */
  readonly remember: (returning: readonly Returning[]) => void;
  /** The promotion gate; undefined without a token, which turns all of it off. */
  readonly gate?: Gate;
  /** Remembers which blocks are still to be written, for whoever comes after; none: all are. */
  readonly rememberBlocks: (owed: readonly OwedBlock[]) => void;
}

/** A release that is to be blocked, and why. */
export interface OwedBlock {
  readonly release: string;
  readonly reason: string;
}

/** A workload on its way back, and where to. */
export interface Returning {
  readonly ref: WorkloadRef;
  readonly release: string;
  /** Digests of the bits that are left, and of those that come back: anything else is somebody else's by now. */
  readonly from: string;
  readonly to: string;
}

/** How a leg is rolled and watched. */
export interface Ride extends Watch {
  readonly policy: Policy;
  /** Told what is about to be written, right before it is. */
  readonly leaving?: (step: Step) => void;
  /** Whether it only looks at what runs, and writes nothing. */
  readonly looksOn?: boolean;
}

/**
 * Brings one workload onto a release: intent into the ledger, one write, watch. Where somebody else was faster, it reads
 * and decides again, once, and asks the gate again. Throws ClusterError.
 */
export async function rollWorkload(
  ports: RollPorts,
  step: Step,
  train: Train,
  request: TrainRequest,
  ride: Ride,
): Promise<Leg> {
  const begin = ports.clock.now();
  if (ports.interrupt.aborted) return ended(step, cancelledResult(step, train.release));
  ride.leaving?.(step);
  const first = await attempt(ports, step, train.release, request, ride, begin);
  if (first.kind !== 'outrun') return first;
  ports.log.warn(`${step.survey.state.workload}: changed by ${first.by} meanwhile; deciding again`);
  const again = await decideAgain(ports, step, train, request, first.by, ride.halt);
  if (again.kind === 'ended') return again;
  const { step: retried } = again;
  const second = await attempt(ports, retried, train.release, request, ride, begin);
  return second.kind === 'outrun' ? ended(retried, outrunResult(retried, train.release, second.by)) : second;
}

/** Tries once; `begin` is when the work on this workload began, in milliseconds since the epoch. Throws ClusterError. */
export async function attempt(
  ports: RollPorts,
  step: Step,
  release: string,
  request: TrainRequest,
  ride: Ride,
  begin: number,
): Promise<Leg | { readonly kind: 'outrun'; readonly by: string }> {
  const { change } = step;
  const {
    stored: noted,
    problem,
    withheld,
  }: LedgerWrite = ride.looksOn ? { stored: step.survey.stored } : await recordIntent(ports, step, release, request);
  if (withheld) return { kind: 'outrun', by: 'another run' };
  if (step.canary?.pods !== undefined && !noted) return ended(step, unnotedResult(step, release, problem));
  const seconds = () => (ports.clock.now() - begin) / 1000;
  // What cannot be noted is not lent.
  const written: Writing = ride.looksOn
    ? { kind: 'written', deployment: step.survey.state.deployment }
    : await write(ports, noted ? step : { ...step, lend: {} }, release, noted);
  if (written.kind === 'outrun') return written;
  if (written.kind === 'unknown') return ended(step, unseenResult(step, release, written.error, seconds()));
  const { deployment } = written;
  const stored = await recordTaken(ports, step, noted, deployment);
  const warnings = [
    ...(problem === undefined ? [] : [`this run is not recorded: ${problem}`]),
    ...(stored || isEmpty(step.lend) ? [] : [UNLENT]),
  ];
  if (change.kind === 'keep' && !change.watch)
    return { kind: 'kept', step, stored, deployment, seconds: seconds(), warnings };
  try {
    const end = await watchStep(ports, step, deployment, request, ride);
    return { kind: 'watched', step, stored, deployment, end, seconds: seconds(), warnings };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return ended(step, unseenResult(step, release, error, seconds(), deployment));
  }
}

const UNLENT = 'parallelism, delay and order are not applied: without a ledger nothing says what to give back';

function ended(step: Step, result: WorkloadResult): Leg {
  return { kind: 'ended', step, result };
}

type Writing = Written | { readonly kind: 'unknown'; readonly error: ClusterError };

/** Writes the template, where there is one to write. */
async function write(
  ports: RollPorts,
  step: Step,
  release: string,
  stored: StoredLedger | undefined,
): Promise<Writing> {
  try {
    const written = await writeTemplate(ports.cluster, step, release);
    if (written.kind === 'outrun') await recordUnwritten(ports, step, release, { stored, outrun: true });
    return written;
  } catch (error) {
    // The answer may be all that was lost: then the intent in the ledger is the truth.
    if (error instanceof ClusterError && error.kind === 'unreachable') return { kind: 'unknown', error };
    await recordUnwritten(ports, step, release, { stored, outrun: false }).catch(() => undefined);
    throw error;
  }
}

function watchStep(
  ports: RollPorts,
  { survey, canary }: Step,
  deployment: Deployment,
  request: TrainRequest,
  ride: Ride,
) {
  const { timeoutMs, forcedRollback = false } = request;
  const awaited = {
    ref: survey.ref,
    deployment,
    replicaSets: survey.replicaSets,
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: progressing(deployment),
    timeoutMs,
    policy: ride.policy,
    ...{ canaryPods: canary?.pods, isHeld: ride.looksOn },
    leftFailed: hasFailed(survey.state),
    forced: forcedRollback,
  };
  return watchRollout(ports, awaited, ride);
}

/** Whether what was live before failed here. */
function hasFailed({ live, ledger }: WorkloadState): boolean {
  const entry = findEntry(ledger, live.release);
  return entry !== undefined && verdictOf(entry) === 'failed';
}
