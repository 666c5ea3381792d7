import { ClusterError } from '../errors.ts';
import type { Clock, LedgerStore, Log, StoredLedger } from '../ports.ts';
import { canaryOf, recordCanary, settleCanary, withdrawCanary, withoutGone } from '../release/canary.ts';
import { findEntry, type Ledger } from '../release/ledger.ts';
import {
  type Attempt,
  type Ending,
  recordAttempt,
  recordEnding,
  recordLeft,
  recordSuperseded,
  withdrawAttempt,
} from '../release/record.ts';
import { showRelease } from '../release/release-text.ts';
import { isEmpty, lend, type RolloutFields, sameNote } from '../rollout/loan.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../rollout/objects.ts';
import { runningImageIDs } from '../rollout/pods.ts';
import { sameBits, templateDigest } from '../rollout/template.ts';
import { crashCounts } from '../verdict/crashed-since.ts';
import type { Observation } from './observe.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { type LedgerWrite, updateLedger } from './update-ledger.ts';

export interface JournalPorts {
  readonly ledgers: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes what is going to be tried, before it is tried: a run that is killed leaves its intent behind, and what it
 * lends. What is live and complete counts as good, whoever made it; a rollback leaves it all the same.
 */
export function recordIntent(
  ports: JournalPorts,
  step: Step,
  release: string,
  { runUrl, actor, reason }: TrainRequest,
): Promise<LedgerWrite> {
  const { survey, mode, change } = step;
  const { live, deployment } = survey.state;
  const at = now(ports.clock);
  const attempt: Attempt = { release, mode: mode.mode, template: templateOf(step), at, runUrl, actor, reason };
  const leaves = mode.mode === 'rollback' && change.kind === 'write' && live.release !== release;
  // A mate of a moving train that has the release already is not given it once more.
  const tries = change.kind === 'write' || change.watch || live.release !== release;
  const read = survey.state.ledger;
  return updateLedger(ports, survey.ref, survey.stored, (ledger) => {
    // What another run noted meanwhile is about a Deployment that was not seen here.
    if (!sameNote(ledger.loan, read.loan) || !sameNote(ledger.canary, read.canary)) return undefined;
    const noted = noteStage(
      isEmpty(step.lend) ? ledger : { ...ledger, loan: lend(deployment, ledger.loan, lentBy(step)) },
      step,
    );
    const proven = recordProven(noted, step, at);
    const attempted = tries ? recordAttempt(proven, attempt) : proven;
    return leaves ? recordLeft(attempted, live.release, at) : attempted;
  });
}

/** A canary is paused once it has its size: noted now, since nothing may be lent that is not. */
function lentBy({ lend: fields, canary }: Step): RolloutFields {
  return canary?.pods === undefined ? fields : { ...fields, paused: true };
}

function noteStage(ledger: Ledger, { canary, change, survey }: Step): Ledger {
  const live = templateDigest(survey.state.live.template);
  if (canary) return recordCanary(ledger, canary.canary, live);
  // What is neither there nor begun would come back to life with its bits.
  return change.kind === 'write' ? withoutGone(ledger, live) : ledger;
}

function withdrawStage(ledger: Ledger, { canary, survey }: Step): Ledger {
  return canary ? withdrawCanary(ledger, canary.canary, survey.state.ledger.canary) : ledger;
}

/** Notes the bits of a canary as the cluster took them, where that is not as they were written. */
export async function recordTaken(
  ports: JournalPorts,
  { survey, canary }: Step,
  stored: StoredLedger | undefined,
  { spec }: Deployment,
): Promise<StoredLedger | undefined> {
  const digest = templateDigest(spec.template);
  if (!canary || canary.canary.digest === digest) return stored;
  const taken = { ...canary.canary, digest };
  return (await updateLedger(ports, survey.ref, stored, (ledger) => ({ ...ledger, canary: taken }))).stored;
}

/** Writes that nothing was written: the API server refused it, or somebody else was faster. */
export async function recordUnwritten(
  ports: JournalPorts,
  step: Step,
  release: string,
  { stored, outrun }: { readonly stored: StoredLedger | undefined; readonly outrun: boolean },
): Promise<void> {
  const at = now(ports.clock);
  await updateLedger(ports, step.survey.ref, stored, (ledger) => {
    // Its loan stays noted: of values that were never set nothing is owed, and it may hold another run's by now.
    const withdrawn = withdrawAttempt(withdrawStage(ledger, step), release, templateOf(step), at);
    const standing = recordProven(withdrawn, step, at);
    return outrun ? recordSuperseded(standing, release, templateOf(step), at) : standing;
  });
}

/**
 * Writes the verdict, with the bits as the cluster took them. Returns warnings: when this fails, the rollout has ended all
 * the same.
 */
export async function recordVerdict(
  ports: JournalPorts,
  step: Step,
  release: string,
  seen: {
    readonly stored: StoredLedger | undefined;
    readonly deployment: Deployment;
    readonly verdict: Ending['verdict'] | 'superseded';
    /** Undefined where there was nothing to wait for. */
    readonly last: Observation | undefined;
    /** Whether a canary stands at its size, and was seen well. */
    readonly held?: boolean;
  },
): Promise<readonly string[]> {
  const { stored, deployment, verdict, last, held = false } = seen;
  const { ref, state } = step.survey;
  const at = now(ports.clock);
  const { template } = deployment.spec;
  const replicaSet = identify(last ? last.carrier : state.live.revision?.replicaSet);
  const imageIDs = runningImageIDs(last?.pods ?? []);
  const crashes = last?.pods && crashCounts(last.pods);
  const unrecorded = (why: string) => `the verdict on ${showRelease(release)} could not be recorded: ${why}`;
  try {
    const { problem } = await updateLedger(ports, ref, stored, (ledger) =>
      verdict === 'superseded'
        ? recordSuperseded(ledger, release, templateOf(step), at)
        : settleCanary(
            recordEnding(keptNotes(ledger, seen, step), { release, verdict, template, at, replicaSet, imageIDs }),
            {
              digest: templateDigest(template),
              all: step.canary?.pods === undefined && verdict === 'verified',
              ...(held && { heldSince: at, ...(crashes && { crashes }) }),
            },
          ),
    );
    return problem === undefined ? [] : [unrecorded(problem)];
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return [unrecorded(error.message)];
  }
}

/** What holds a canary stays noted, though a run beside this one may have written over it. */
function keptNotes(
  ledger: Ledger,
  { held, deployment }: { readonly held?: boolean; readonly deployment: Deployment },
  step: Step,
): Ledger {
  const { survey, canary } = step;
  const digest = templateDigest(deployment.spec.template);
  if (!held || !canary) return ledger;
  const loan = ledger.loan ?? lend(survey.state.deployment, survey.state.ledger.loan, lentBy(step));
  return canaryOf(ledger, digest) ? { ...ledger, loan } : { ...ledger, loan, canary: { ...canary.canary, digest } };
}

function templateOf({ survey, change }: Step): PodTemplate {
  return change.kind === 'write' ? change.template : survey.state.live.template;
}

/** What has no name yet gets one from its images, unless the attempt is about to name it; it is as old as its ReplicaSet. */
function recordProven(ledger: Ledger, step: Step, at: string): Ledger {
  const { proven, live } = step.survey.state;
  const carrier = live.revision?.replicaSet;
  const release = live.release || live.label;
  const named = live.release !== '' || !sameBits(live.template, templateOf(step));
  if (!proven || !carrier || !named) return ledger;
  const born = new Date(carrier.metadata.creationTimestamp ?? at).toISOString();
  return recordEnding(ledger, {
    release,
    verdict: 'verified',
    template: live.template,
    at: findEntry(ledger, release) ? at : born,
    replicaSet: identify(carrier),
    imageIDs: {},
  });
}

function identify(replicaSet: ReplicaSet | undefined): Ending['replicaSet'] {
  return replicaSet && { name: replicaSet.metadata.name, uid: replicaSet.metadata.uid };
}

function now(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
