import { ClusterError } from '../errors.ts';
import type { Clock, LedgerStore, Log, StoredLedger } from '../ports.ts';
import type { Ledger } from '../release/ledger.ts';
import {
  type Attempt,
  type Ending,
  recordAttempt,
  recordEnding,
  recordLeft,
  recordSuperseded,
} from '../release/record.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../rollout/objects.ts';
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
  step: Step,
  release: string,
  { runUrl, actor, reason }: TrainRequest,
): Promise<StoredLedger | undefined> {
  const { survey, mode } = step;
  const at = now(ports.clock);
  const attempt: Attempt = { release, mode: mode.mode, template: templateOf(step), at, runUrl, actor, reason };
  return updateLedger(ports, survey.ref, survey.stored, (ledger) =>
    recordAttempt(adopt(ledger, survey.state), attempt),
  );
}

/** Writes that somebody else was faster, so that nothing was changed. */
export async function recordOutrun(
  ports: JournalPorts,
  step: Step,
  release: string,
  stored: StoredLedger | undefined,
): Promise<void> {
  await updateLedger(ports, step.survey.ref, stored, (ledger) =>
    recordSuperseded(ledger, release, templateOf(step), now(ports.clock)),
  );
}

/**
 * Writes the verdict, with the bits as the cluster took them; a finished rollback marks the release that was left.
 * Returns warnings: when the write fails, the rollout has ended all the same.
 */
export async function recordVerdict(
  ports: JournalPorts,
  step: Step,
  release: string,
  stored: StoredLedger | undefined,
  deployment: Deployment,
  end: RolloutEnd | undefined,
): Promise<readonly string[]> {
  const { ref, state } = step.survey;
  const at = now(ports.clock);
  const { template, replicas } = deployment.spec;
  const verdict = end ? verdictOn(end) : replicas === 0 ? 'unverified' : 'verified';
  const replicaSet = identify(end ? end.last.carrier : state.live.revision?.replicaSet);
  const imageIDs = runningImageIDs(end?.last.pods ?? []);
  const left = step.mode.mode === 'rollback' && state.live.release !== release ? state.live.release : '';
  try {
    await updateLedger(ports, ref, stored, (ledger) => {
      if (verdict === 'superseded') return recordSuperseded(ledger, release, templateOf(step), at);
      const ended = recordEnding(ledger, { release, verdict, template, at, replicaSet, imageIDs });
      return left && verdict === 'verified' ? recordLeft(ended, left, at) : ended;
    });
    return [];
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return [`the verdict on ${release} could not be recorded: ${error.message}`];
  }
}

function verdictOn({ status }: RolloutEnd): Ending['verdict'] | 'superseded' {
  switch (status.state) {
    case 'done':
      return status.verified ? 'verified' : 'unverified';
    case 'superseded':
      return 'superseded';
    default:
      return 'failed';
  }
}

function templateOf({ survey, change }: Step): PodTemplate {
  return change.kind === 'write' ? change.template : survey.state.live.template;
}

/** It has been here since its ReplicaSet was made. */
function adopt(ledger: Ledger, { met, live }: WorkloadState): Ledger {
  const carrier = live.revision?.replicaSet;
  if (met === undefined || !carrier) return ledger;
  const at = new Date(carrier.metadata.creationTimestamp ?? 0).toISOString();
  const { template } = live;
  return recordEnding(ledger, {
    release: met,
    verdict: 'verified',
    template,
    at,
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
