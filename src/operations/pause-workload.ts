import { ClusterError } from '../errors.ts';
import type { WorkloadResult } from '../result.ts';
import { fieldsPatch } from '../rollout/patch.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Concluded } from './conclude.ts';
import { hasMoved, wasHalted } from './leg.ts';
import type { RollPorts } from './roll-workload.ts';
import { mateResult } from './rolled-back-result.ts';

/** Stops a workload where it is, with both releases running, as long as its template is still the one that was written. */
export async function pauseWorkload(
  { cluster, log }: RollPorts,
  { leg, result: concluded }: Concluded,
): Promise<WorkloadResult> {
  const result = wasHalted(leg) ? mateResult(concluded) : concluded;
  if (leg.kind !== 'watched' || !hasMoved(leg)) return result;
  const { ref } = leg.step.survey;
  try {
    const now = await cluster.getWorkload(ref);
    if (!sameTemplate(now.spec.template, leg.deployment.spec.template)) return result;
    if (!now.spec.paused) await cluster.patchWorkload(ref, fieldsPatch(now, { paused: true }));
    const how = 'paused where it is: resume it (kubectl rollout resume), or roll back by name';
    return { ...result, outcome: 'paused', message: `${result.message}; ${how}` };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    log.warn(error.message);
    return { ...result, message: `${result.message}; it could not be paused: ${error.message}` };
  }
}
