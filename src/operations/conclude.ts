import type { WorkloadResult } from '../result.ts';
import { recordVerdict } from './journal.ts';
import type { Leg, RollPorts } from './roll-workload.ts';
import { haltedResult, rolledResult } from './rolled-result.ts';
import { unchangedResult } from './workload-result.ts';

/** A leg with what it comes to. */
export interface Concluded {
  readonly leg: Leg;
  readonly result: WorkloadResult;
}

/** Writes the verdict on a leg into the ledger, and puts it into words; `failure` is what checks hold against it. */
export async function conclude(
  ports: RollPorts,
  leg: Leg,
  release: string,
  failure?: { readonly message: string },
): Promise<Concluded> {
  if (leg.kind === 'ended') return { leg, result: leg.result };
  const { step, stored, deployment, seconds } = leg;
  if (leg.kind === 'kept') {
    const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, end: undefined });
    return { leg, result: unchangedResult(step, release, seconds, [...leg.warnings, ...unrecorded]) };
  }
  const status = failure ? ({ state: 'failed', message: failure.message } as const) : leg.end.status;
  const end = { ...leg.end, status };
  const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, end });
  // What led up to a failure is told by its cause and its evidence.
  const odd = end.status.state === 'done' ? end.warnings : [];
  const warnings = [...leg.warnings, ...odd, ...unrecorded];
  const ending = end.status.state === 'halted' ? haltedResult : rolledResult;
  return { leg: { ...leg, end }, result: ending(step, release, end, seconds, warnings) };
}
