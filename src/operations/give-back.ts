import { ClusterError } from '../errors.ts';
import type { Cluster, LedgerStore, Log, WorkloadRef } from '../ports.ts';
import { canaryOf, isHeldBack, settleCanary } from '../release/canary.ts';
import type { Ledger } from '../release/ledger.ts';
import { showRelease } from '../release/release-text.ts';
import { borrowed, changedFields, isEmpty, isOf, sameNote } from '../rollout/loan.ts';
import type { Deployment } from '../rollout/objects.ts';
import { fieldsPatch } from '../rollout/patch.ts';
import { templateDigest } from '../rollout/template.ts';
import type { Survey } from './survey.ts';
import { updateLedger } from './update-ledger.ts';
import { nameOf } from './workload-name.ts';

export interface GiveBackPorts {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  readonly log: Log;
}

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;

/**
 * Gives a Deployment back what is still lent to it, and takes the note off its ledger. A field that somebody changed
 * meanwhile is theirs. Throws ClusterError.
 */
export async function giveBack(ports: GiveBackPorts, ref: WorkloadRef): Promise<void> {
  for (let count = 1; ; count++) {
    // The ledger is read last: every run notes what it lends before it does, so this knows all that the Deployment shows.
    const deployment = await ports.cluster.getWorkload(ref);
    const stored = await ports.ledgers.read(ref);
    const { loan, canary: noted } = stored.ledger;
    if (!loan && !noted) return;
    const known = canaryOf(stored.ledger, templateDigest(deployment.spec.template));
    const canary = !loan || isOf(deployment, loan) ? known : undefined;
    // What holds a canary is given back by the write that lets it go.
    if (canary && (isHeldBack(canary) || deployment.spec.paused)) return;
    // Limits that change while it is paused would resize the old ReplicaSet (kubernetes/kubernetes#115735).
    if (loan && deployment.spec.paused && !isBack(stored.ledger, deployment)) return;
    const fields = changedFields(deployment, borrowed(deployment, loan));
    try {
      if (!isEmpty(fields)) await ports.cluster.patchWorkload(ref, fieldsPatch(deployment, fields));
      if (!canary) sayGone(ports.log, ref, stored.ledger);
      await updateLedger(ports, ref, stored, (ledger) => withoutNotes(ledger, stored.ledger, deployment));
      return;
    } catch (error) {
      const changed = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected');
      if (!changed || count === ATTEMPTS) throw error;
    }
  }
}

/** Whether a canary is gone for what it stood beside: to let go of that moves no pod; of any other template, it would. */
function isBack({ canary, entries }: Ledger, { spec }: Deployment): boolean {
  const digest = templateDigest(spec.template);
  return entries.some(({ release, template }) => release === canary?.from && template === digest);
}

/** A note that another run wrote since is about what that one does. */
function withoutNotes(ledger: Ledger, read: Ledger, { spec }: Deployment): Ledger {
  if (!sameNote(ledger.loan, read.loan) || !sameNote(ledger.canary, read.canary)) return ledger;
  const { loan: _returned, ...others } = ledger;
  return settleCanary(others, { digest: templateDigest(spec.template), all: false });
}

function sayGone(log: Log, ref: WorkloadRef, { canary }: Ledger): void {
  if (!canary) return;
  log.info(`${nameOf(ref)}: the canary of ${showRelease(canary.release)} is gone; what held it is given back`);
}

/** Gives back what this run lent; what cannot be given back now is told, and the note tells the next run. */
export async function giveBackOrWarn(ports: GiveBackPorts, ref: WorkloadRef): Promise<readonly string[]> {
  try {
    await giveBack(ports, ref);
    return [];
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const warning = `what was lent for the rollout is not given back: ${error.message}; the next run gives it back`;
    ports.log.warn(`${nameOf(ref)}: ${warning}`);
    return [warning];
  }
}

/** What the API server will not have may not keep anybody from rolling back. */
function unlessRejected(log: Log, ref: WorkloadRef): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ClusterError && error.kind === 'rejected')) throw error;
    log.warn(`${nameOf(ref)}: what an earlier run lent is not given back: ${error.message}`);
  };
}

/** Gives back what earlier runs lent and were cut off before returning it; tells whether there was any. */
export async function giveBackLeftovers(ports: GiveBackPorts, surveys: readonly Survey[]): Promise<boolean> {
  const owing = surveys.filter(({ state }) => (state.ledger.loan ?? state.ledger.canary) && !state.canary);
  await Promise.all(owing.map(({ ref }) => giveBack(ports, ref).catch(unlessRejected(ports.log, ref))));
  return owing.length > 0;
}
