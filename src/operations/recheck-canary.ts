import type { Leg } from './leg.ts';
import type { Train } from './prepare.ts';
import { isWell, rideTrain } from './ride-train.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import type { ChecksEnd } from './watch-checks.ts';

/**
 * Looks once more at canaries that are about to go on: their pods, and the checks. What came of it where something is
 * wrong; undefined where all is well, and where none is about to grow from a size that it has.
 */
export async function recheckCanary(
  ports: RollPorts,
  train: Train,
  request: TrainRequest,
): Promise<{ readonly legs: readonly Leg[]; readonly checks: ChecksEnd } | undefined> {
  const goesOn = train.steps.some(({ canary }) => canary?.grows && canary.standing > 0);
  if (!goesOn) return undefined;
  const steps = train.steps.map((step) => {
    const { canary, survey } = step;
    const held = survey.state.canary;
    return canary && held
      ? { ...step, canary: { ...canary, canary: held, pods: canary.standing, grows: false } }
      : step;
  });
  // Its pods were watched through their window when they came.
  const policy = { ...request.update.policy, monitorMs: 0 };
  const looking = { ...request, update: { ...request.update, policy } };
  const seen = await rideTrain(ports, { ...train, steps }, looking, { looksOn: true });
  return seen.legs.every(isWell) && seen.checks.verdict === 'passed' ? undefined : seen;
}
