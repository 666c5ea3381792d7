import { ClusterError } from '../errors.ts';
import type { Clock, LedgerStore, Log, StoredLedger } from '../ports.ts';
import type { Ledger } from '../release/ledger.ts';
import { type Ending, mark, recordAttempt, recordEnding } from '../release/record.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { Deployment } from '../rollout/objects.ts';
import { runningImageIDs } from '../rollout/pods.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { updateLedger } from './update-ledger.ts';
import type { RolloutEnd } from './watch-rollout.ts';

export interface JournalPorts {
  readonly ledgers: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes what is going to be tried, before it is tried: a run that is killed leaves its intent behind. What was live and
 * complete before Rollkey came counts as good, and its bits are kept, too.
 */
export function recordIntent(
  ports: JournalPorts,
  { survey: { ref, state, stored }, change }: Step,
  release: string,
  { runUrl, actor, reason }: TrainRequest,
): Promise<StoredLedger | undefined> {
  const at = now(ports.clock);
  const template = change.kind === 'write' ? change.template : state.live.template;
  return updateLedger(ports, ref, stored, (ledger) =>
    recordAttempt(adopt(ledger, state, at), { release, template, at, runUrl, actor, reason }),
  );
}

/** Writes that somebody else was faster, so that nothing was changed. */
export async function recordOutrun(
  ports: JournalPorts,
  { survey: { ref } }: Step,
  release: string,
  stored: StoredLedger | undefined,
): Promise<void> {
  await updateLedger(ports, ref, stored, (ledger) => mark(ledger, release, 'supersededAt', now(ports.clock)));
}

/**
 * Writes the verdict, with the bits as the cluster took them; a finished rollback marks the release that was left.
 * Returns warnings: when the write fails, the rollout has ended all the same.
 */
export async function recordVerdict(
  ports: JournalPorts,
  { survey: { ref, state }, mode }: Step,
  release: string,
  stored: StoredLedger | undefined,
  deployment: Deployment,
  end: RolloutEnd | undefined,
): Promise<readonly string[]> {
  const at = now(ports.clock);
  const carrier = end ? end.last.carrier : state.live.revision?.replicaSet;
  const left = mode.mode === 'rollback' && state.live.release !== release ? state.live.release : '';
  const ending: Ending = {
    release,
    verdict: end ? verdictOn(end) : 'verified',
    template: deployment.spec.template,
    at,
    replicaSet: carrier && { name: carrier.metadata.name, uid: carrier.metadata.uid },
    imageIDs: runningImageIDs(end?.last.pods ?? []),
  };
  try {
    await updateLedger(ports, ref, stored, (ledger) => {
      const ended = recordEnding(ledger, ending);
      return left && ending.verdict === 'verified' ? mark(ended, left, 'rolledBackAt', at) : ended;
    });
    return [];
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return [`the verdict on ${release} could not be recorded: ${error.message}`];
  }
}

function verdictOn({ status }: RolloutEnd): Ending['verdict'] {
  switch (status.state) {
    case 'done':
      return status.verified ? 'verified' : 'unverified';
    case 'superseded':
      return 'superseded';
    default:
      return 'failed';
  }
}

function adopt(ledger: Ledger, { met, live }: WorkloadState, at: string): Ledger {
  if (met === undefined) return ledger;
  const carrier = live.revision?.replicaSet.metadata;
  return recordEnding(ledger, {
    release: met,
    verdict: 'verified',
    template: live.template,
    at,
    replicaSet: carrier && { name: carrier.name, uid: carrier.uid },
    imageIDs: {},
  });
}

function now(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
