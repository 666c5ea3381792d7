import type { Ending } from '../release/record.ts';
import type { WorkloadResult } from '../result.ts';
import type { EndStatus } from './assess-rollout.ts';
import { heldResult } from './canary-result.ts';
import { recordVerdict } from './journal.ts';
import { isStanding, type Leg } from './leg.ts';
import type { RollPorts } from './roll-workload.ts';
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
  const passed = checks.verdict === 'passed';
  if (leg.kind === 'kept') {
    const verdict = passed && step.survey.state.proven ? 'verified' : 'unverified';
    const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, verdict, last: undefined });
    return { leg, result: unchangedResult(step, release, seconds, [...leg.warnings, ...unrecorded]) };
  }
  const { status } = leg.end;
  // What pods or other writers have to say of it goes before what checks say of the whole train.
  const failed = checks.verdict === 'failed' && (status.state === 'done' || status.state === 'halted');
  const end = { ...leg.end, ...(failed && { status: { state: 'failed', message: checks.message } as const }) };
  // A canary that stands proves nothing yet: who judges is whoever lets it go.
  const partial = step.canary?.pods !== undefined && end.status.state === 'done';
  const verdict = partial ? 'unverified' : verdictOn(end.status, passed, isStanding(step));
  const unrecorded = await recordVerdict(ports, step, release, { stored, deployment, verdict, last: end.last });
  // What led up to a failure is told by its cause and its evidence.
  const odd = end.status.state === 'done' ? end.warnings : [];
  const warnings = [...leg.warnings, ...odd, ...unrecorded];
  if (partial) return { leg: { ...leg, end }, result: heldResult({ ...leg, end }, release, warnings) };
  const ending = end.status.state === 'halted' ? haltedResult : rolledResult;
  return { leg: { ...leg, end }, result: ending(step, release, end, seconds, warnings) };
}

/** What the ledger is told. A release that was verified before is not made a bad one by what it lacks now. */
function verdictOn(status: EndStatus, passed: boolean, standing: boolean): Ending['verdict'] | 'superseded' {
  switch (status.state) {
    case 'done':
      return status.verified && passed ? 'verified' : 'unverified';
    case 'superseded':
      return 'superseded';
    case 'deleted':
    case 'halted':
    case 'undecided':
    case 'held-up':
      return 'unverified';
    default:
      return standing ? 'unverified' : 'failed';
  }
}
