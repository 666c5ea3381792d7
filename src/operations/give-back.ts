import { ClusterError } from '../errors.ts';
import type { Cluster, LedgerStore, Log, WorkloadRef } from '../ports.ts';
import { canaryOf, isHeldBack, settleCanary } from '../release/canary.ts';
import type { Ledger } from '../release/ledger.ts';
import { showRelease } from '../release/release-text.ts';
import { isEmpty, owed } from '../rollout/loan.ts';
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
  const stored = await ports.ledgers.read(ref);
  const { loan } = stored.ledger;
  if (!loan) return;
  for (let count = 1; ; count++) {
    const deployment = await ports.cluster.getWorkload(ref);
    const canary = canaryOf(stored.ledger, templateDigest(deployment.spec.template));
    // What holds a canary is given back by the write that lets it go.
    if (canary && (isHeldBack(canary) || deployment.spec.paused)) return;
    // Limits that change while it is paused would resize the old ReplicaSet (kubernetes/kubernetes#115735).
    if (deployment.spec.paused && loan.own.paused === undefined) return;
    const fields = owed(deployment, loan);
    try {
      if (!isEmpty(fields)) await ports.cluster.patchWorkload(ref, fieldsPatch(deployment, fields));
      if (!canary) sayGone(ports.log, ref, stored.ledger);
      await updateLedger(ports, ref, stored, (ledger) => withoutLoan(ledger, deployment));
      return;
    } catch (error) {
      const changed = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected');
      if (!changed || count === ATTEMPTS) throw error;
    }
  }
}

function withoutLoan({ loan: _returned, ...ledger }: Ledger, { spec }: Deployment): Ledger {
  return settleCanary(ledger, { digest: templateDigest(spec.template), all: false });
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

/** Gives back what earlier runs lent and were cut off before returning it; tells whether there was any. */
export async function giveBackLeftovers(ports: GiveBackPorts, surveys: readonly Survey[]): Promise<boolean> {
  const owing = surveys.filter(({ state }) => state.ledger.loan && !state.canary);
  await Promise.all(owing.map(({ ref }) => giveBack(ports, ref)));
  return owing.length > 0;
}
