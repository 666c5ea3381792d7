import type { LedgerStore, Log } from '../ports.ts';
import { findEntry, isGood, type Ledger } from '../release/ledger.ts';
import { recordAttempt, recordEnding, recordLeft } from '../release/record.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import { otherColour } from '../rollout/blue-green.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { type LedgerWrite, updateLedger } from './update-ledger.ts';

interface Ports {
  readonly ledgers: LedgerStore;
  readonly log: Log;
}

/**
 * Writes what is going to be tried into the idle colour's ledger, and what served well so far into the live one's, before
 * anything is changed. `at` is ISO 8601, UTC. Gives what stands in the idle colour's.
 */
export async function noteIntent(
  ports: Ports,
  { surveys, live, train }: Pick<Prepared, 'surveys' | 'live' | 'train'>,
  template: PodTemplate,
  { runUrl, actor, reason }: TrainRequest,
  at: string,
): Promise<LedgerWrite> {
  const { release } = train;
  const { mode } = train.mode;
  const [serving, idle] = [surveys[live], surveys[otherColour(live)]];
  const [noted] = await Promise.all([
    updateLedger(ports, idle.ref, idle.stored, (ledger) =>
      recordAttempt(withoutRetirement(ledger), { release, mode, template, at, runUrl, actor, reason }),
    ),
    noteSeen(ports, serving, at),
  ]);
  return noted;
}

async function noteSeen(ports: Ports, { ref, state, stored }: Survey, at: string): Promise<void> {
  const noted = (ledger: Ledger) => recordSeen(withoutRetirement(ledger), state, at);
  if (noted(state.ledger) === state.ledger) return;
  await updateLedger(ports, ref, stored, noted);
}

/** A colour that came to serve again gives no pods up: a note from before would take them as soon as it is left. */
function withoutRetirement(ledger: Ledger): Ledger {
  const { retiring, ...kept } = ledger;
  return retiring ? kept : ledger;
}

/**
 * Writes that a rollback leaves what the live colour has, right before the Service is switched: a way back that fails
 * before that has left nothing.
 */
export async function noteLeft(
  ports: Ports,
  { surveys, live, train }: Pick<Prepared, 'surveys' | 'live' | 'train'>,
  at: string,
): Promise<void> {
  if (train.mode.mode !== 'rollback') return;
  const { ref, state, stored } = surveys[live];
  await updateLedger(ports, ref, stored, (ledger) => recordLeft(ledger, state.live.release, at));
}

/** What is live and complete counts as good, whoever made it. */
function recordSeen(ledger: Ledger, { live, proven }: WorkloadState, at: string): Ledger {
  const carrier = live.revision?.replicaSet.metadata;
  const release = live.release || live.label;
  const known = findEntry(ledger, release);
  if (!proven || !carrier || (known && isGood(known))) return ledger;
  return recordEnding(ledger, {
    ...{ release, template: live.template, verdict: 'verified', imageIDs: {} },
    at: known ? at : new Date(carrier.creationTimestamp ?? at).toISOString(),
    replicaSet: { name: carrier.name, uid: carrier.uid },
  });
}
