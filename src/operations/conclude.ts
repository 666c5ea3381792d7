import type { WorkloadResult } from '../result.ts';
import { recordVerdict } from './journal.ts';
import type { Leg, RollPorts } from './roll-workload.ts';
import { haltedResult, rolledResult } from './rolled-result.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { unchangedResult } from './workload-result.ts';

/** A leg with what it comes to. */
export interface Concluded {
  readonly leg: Leg;
  readonly result: WorkloadResult;
}

/** Writes the verdict on a leg into the ledger, and puts it into words; `checks` is what these have to say about it. */
export async function conclude(
  ports: RollPorts,
  leg: Leg,
  release: string,
  checks: Pick<ChecksEnd, 'verdict' | 'message'> = { verdict: 'passed', message: '' },
): Promise<Concluded> {
  if (leg.kind === 'ended') return { leg, result: leg.result };
  const { step, stored, deployment, seconds } = leg;
  if (leg.kind === 'kept') {
    const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, end: undefined });
    return { leg, result: unchangedResult(step, release, seconds, [...leg.warnings, ...unrecorded]) };
  }
  const { status } = leg.end;
  // What pods or other writers have to say of it goes before what checks say of the whole train.
  const failed = checks.verdict === 'failed' && (status.state === 'done' || status.state === 'halted');
  const end = { ...leg.end, ...(failed && { status: { state: 'failed', message: checks.message } as const }) };
  const unclear = end.status.state === 'done' && checks.verdict !== 'passed';
  const seen = unclear ? ({ ...status, state: 'done', verified: false } as const) : end.status;
  const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, end: { ...end, status: seen } });
  // What led up to a failure is told by its cause and its evidence.
  const odd = end.status.state === 'done' ? end.warnings : [];
  const warnings = [...leg.warnings, ...odd, ...unrecorded];
  const ending = end.status.state === 'halted' ? haltedResult : rolledResult;
  return { leg: { ...leg, end }, result: ending(step, release, end, seconds, warnings) };
}
