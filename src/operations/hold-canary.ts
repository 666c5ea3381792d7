import { ClusterError } from '../errors.ts';
import type { Cluster, Log, WorkloadRef } from '../ports.ts';
import type { Deployment } from '../rollout/objects.ts';
import { fieldsPatch } from '../rollout/patch.ts';
import { changedTemplate } from '../rollout/status.ts';
import { heldResult } from './canary-result.ts';
import { type Concluded, conclude } from './conclude.ts';
import { recordVerdict } from './journal.ts';
import type { Leg } from './leg.ts';
import type { RollPorts } from './roll-workload.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { nameOf } from './workload-name.ts';

type Watched = Extract<Leg, { readonly kind: 'watched' }>;
type Superseded = NonNullable<ReturnType<typeof changedTemplate>>;

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;

/**
 * Latches a canary that has its size: paused for everybody to see, and noted as one that stands, if its checks say so
 * too. What is no canary, or not at its size, is concluded as ever.
 */
export async function holdCanary(
  ports: RollPorts,
  leg: Leg,
  release: string,
  checks: Pick<ChecksEnd, 'verdict' | 'message'>,
): Promise<Concluded> {
  if (leg.kind !== 'watched' || leg.step.canary?.pods === undefined || leg.end.status.state !== 'done')
    return conclude(ports, leg, release, checks);
  const unpaused = await pause(ports, leg);
  if ('state' in unpaused) return conclude(ports, { ...leg, end: { ...leg.end, status: unpaused } }, release, checks);
  const { step, stored, deployment, end } = leg;
  const held = checks.verdict === 'passed';
  const seen = { stored, deployment, verdict: 'unverified', last: end.last, held } as const;
  const unrecorded = await recordVerdict(ports, step, release, seen);
  return { leg, result: heldResult(leg, release, [...leg.warnings, ...end.warnings, ...unpaused, ...unrecorded]) };
}

/**
 * Tells what is odd, or that somebody else's template is there by now. The gate alone holds it as well: a pause that
 * cannot be written is told, and stops nobody. A StatefulSet knows none.
 */
async function pause(
  { cluster, log }: RollPorts,
  { step, deployment, end }: Watched,
): Promise<readonly string[] | Superseded> {
  const { ref } = step.survey;
  if (ref.kind !== 'deployment') return [];
  let now = end.last.deployment ?? deployment;
  for (let count = 1; ; count++) {
    const superseded = changedTemplate(now, {
      ...deployment.spec,
      deployment,
      generation: 0,
      progressingBefore: undefined,
    });
    if (superseded) return superseded;
    if (now.spec.paused) return [];
    try {
      await cluster.patchWorkload(ref, fieldsPatch(now, { paused: true }));
      return [];
    } catch (error) {
      const again = await readAgain(cluster, ref, error, count < ATTEMPTS);
      if (again instanceof ClusterError) return notPaused(log, ref, again);
      now = again;
    }
  }
}

/** The Deployment as somebody else's change left it; where that is not why, or it cannot be read, the error. */
async function readAgain(
  cluster: Cluster,
  ref: WorkloadRef,
  error: unknown,
  more: boolean,
): Promise<Deployment | ClusterError> {
  if (!(error instanceof ClusterError)) throw error;
  if (!more || (error.kind !== 'conflict' && error.kind !== 'rejected')) return error;
  return cluster.getWorkload(ref).catch((unread: unknown) => {
    if (!(unread instanceof ClusterError)) throw unread;
    return unread;
  });
}

function notPaused(log: Log, ref: WorkloadRef, { message }: ClusterError): readonly string[] {
  const warning = `it is not paused: ${message}; its pods never become available, which holds it all the same`;
  log.warn(`${nameOf(ref)}: ${warning}`);
  return [warning];
}
