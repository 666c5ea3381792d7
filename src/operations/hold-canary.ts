import { ClusterError } from '../errors.ts';
import type { Log, WorkloadRef } from '../ports.ts';
import { fieldsPatch } from '../rollout/patch.ts';
import { sameTemplate } from '../rollout/template.ts';
import { heldResult } from './canary-result.ts';
import { type Concluded, conclude } from './conclude.ts';
import { recordVerdict } from './journal.ts';
import type { Leg } from './leg.ts';
import type { RollPorts } from './roll-workload.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { nameOf } from './workload-name.ts';

type Watched = Extract<Leg, { readonly kind: 'watched' }>;

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
  const { step, stored, deployment, end } = leg;
  const held = checks.verdict === 'passed';
  const seen = { stored, deployment, verdict: 'unverified', last: end.last, held } as const;
  const unrecorded = await recordVerdict(ports, step, release, seen);
  const result = heldResult(leg, release, [...leg.warnings, ...end.warnings, ...unpaused, ...unrecorded]);
  ports.log.info(result.message);
  return { leg, result };
}

/** Its gate alone holds it as well: a pause that cannot be written is told, and stops nobody. A StatefulSet knows none. */
async function pause({ cluster, log }: RollPorts, { step, deployment, end }: Watched): Promise<readonly string[]> {
  const { ref } = step.survey;
  let now = end.last.deployment ?? deployment;
  if (ref.kind !== 'deployment') return [];
  for (let count = 1; ; count++) {
    if (now.spec.paused || !sameTemplate(now.spec.template, deployment.spec.template)) return [];
    try {
      await cluster.patchWorkload(ref, fieldsPatch(now, { paused: true }));
      return [];
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const changed = error.kind === 'conflict' || error.kind === 'rejected';
      if (!changed || count === ATTEMPTS) return notPaused(log, ref, error);
      now = await cluster.getWorkload(ref);
    }
  }
}

function notPaused(log: Log, ref: WorkloadRef, { message }: ClusterError): readonly string[] {
  const warning = `it is not paused: ${message}; its pods never become available, which holds it all the same`;
  log.warn(`${nameOf(ref)}: ${warning}`);
  return [warning];
}
