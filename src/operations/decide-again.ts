import { type Closed, whyWithRun } from '../gate/rule.ts';
import { isMeantFor } from '../release/images.ts';
import type { DecidedMode } from '../release/mode.ts';
import { admit } from './admission.ts';
import { stoppedAtGate } from './gate-result.ts';
import type { Leg } from './leg.ts';
import { imageTarget, prepare, type Step, type Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { cancelledResult, outrunResult, untouchedResult } from './workload-result.ts';

type Ended = Extract<Leg, { readonly kind: 'ended' }>;

/**
 * Reads and decides again for a workload that `by` changed before we could write: what is to be done now, or how it ends
 * there. The gate is asked again, too, since who was faster may have blocked the release; but not by a way back, which
 * asked once and must not hang on GitHub. Throws ClusterError.
 */
export async function decideAgain(
  ports: RollPorts,
  step: Step,
  train: Train,
  request: TrainRequest,
  by: string,
  halt: AbortSignal,
): Promise<{ readonly kind: 'again'; readonly step: Step } | Ended> {
  const { release } = train;
  const images = request.images.filter((line) => isMeantFor(line, imageTarget(step.survey)));
  // What an abort goes back to is known by now.
  const held = request.held === 'abort' ? undefined : request.held;
  const again = await prepare(ports, { ...request, images, held, refs: [step.survey.ref], release });
  const [retried] = again.kind === 'ready' ? again.steps : [];
  if (!retried || !sameWay(retried.mode, step.mode) || retried.canary?.canary.step !== step.canary?.canary.step)
    return { kind: 'ended', step, result: outrunResult(step, release, by) };
  if (train.mode.mode === 'rollback') return { kind: 'again', step: retried };
  // A mate that fails meanwhile must not be kept waiting, nor be followed by a write.
  const admission = await admit({ ...ports, interrupt: halt }, request, { ...train, steps: [retried] });
  if (ports.interrupt.aborted) return { kind: 'ended', step: retried, result: cancelledResult(retried, release) };
  if (halt.aborted) return { kind: 'ended', step: retried, result: untouchedResult(retried, release) };
  return admission.kind === 'stopped' ? stopped(retried, release, admission.closed) : { kind: 'again', step: retried };
}

/** What was decided for the train must still hold; whether to go below what somebody else just rolled is for a person. */
function sameWay(now: DecidedMode, before: DecidedMode): boolean {
  return now.mode === before.mode && (now.direction !== 'down' || before.direction === 'down');
}

/** Without the command that lifts the record: a mate that fails may have the release blocked once more. */
function stopped(step: Step, release: string, closed: Closed): Ended {
  const result = stoppedAtGate(step, release, closed);
  const message = `${result.message}, so nothing was written: ${whyWithRun(closed)}`;
  return { kind: 'ended', step, result: { ...result, message }, closed };
}
