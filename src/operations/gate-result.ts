import type { Closed } from '../gate/rule.ts';
import { showRelease } from '../release/release-text.ts';
import type { BlockReport, Result } from '../result.ts';
import type { Admission } from './admission.ts';
import type { Train } from './prepare.ts';
import { recordDeployed } from './record-deployed.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { trainResult } from './train-result.ts';
import { resultOf } from './workload-result.ts';

/** The result of a train that the gate did not let go: nothing was touched. */
export function stoppedAtGate(
  { clock }: Pick<RollPorts, 'clock'>,
  request: TrainRequest,
  train: Train,
  closed: Closed,
): Result {
  const { release } = train;
  const lift = closed.id === undefined ? '' : `; lift record ${closed.id} with unblock/ to let it pass`;
  const message = `the gate stopped ${showRelease(release)}, so nothing was changed: ${closed.why}${lift}`;
  const workloads = train.steps.map((step) =>
    resultOf(step, release, step.survey.state.deployment, {
      outcome: 'blocked',
      reasonCode: closed.code === 'release-blocked' ? 'release-blocked' : 'gate-unreadable',
      message: `${step.survey.state.workload}: ${showRelease(release)} was stopped by the gate`,
    }),
  );
  const result = trainResult(request, train, workloads);
  const askedAt = new Date(clock.now()).toISOString();
  return { ...result, message, gate: { answer: 'closed', closed, askedAt, blocks: [], warnings: [] } };
}

/** The result with what the gate had to do with it, once what runs now is recorded there. */
export async function closeGate(
  ports: RollPorts,
  request: TrainRequest,
  result: Result,
  {
    admission: { answer, warnings },
    blocks,
  }: { readonly admission: Extract<Admission, { kind: 'admitted' }>; readonly blocks: readonly BlockReport[] },
): Promise<Result> {
  const unrecorded = await recordDeployed(ports, request, result, blocks);
  const missing = blocks.filter(({ state }) => state === 'missing').map(missingText);
  const message = [result.message, ...missing].join('; ');
  return { ...result, message, gate: { answer, blocks, warnings: [...warnings, ...unrecorded] } };
}

/** What a run says that could not block what it left. */
function missingText({ release, problem }: BlockReport): string {
  return `the block of ${showRelease(release)} is missing (${problem}): block it with block/, or it may enter the next environment`;
}
