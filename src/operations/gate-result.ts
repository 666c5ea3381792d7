import { blockCommand, howToLift, whyAndLift } from '../gate/gate-commands.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import type { Closed } from '../gate/rule.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result, WorkloadResult } from '../result.ts';
import type { Admission } from './admission.ts';
import { type Blocking, PATIENCE } from './blocking.ts';
import { canaryFound } from './canary-standing.ts';
import type { Step, Train } from './prepare.ts';
import { recordDeployed } from './record-deployed.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { trainResult } from './train-result.ts';
import { resultOf } from './workload-result.ts';

/** The result of a train that the gate did not let go: nothing was touched. */
export function blockedResult(
  { clock }: Pick<RollPorts, 'clock'>,
  request: TrainRequest,
  train: Train,
  closed: Closed,
): Result {
  const { release } = train;
  const live = train.steps.filter(({ survey }) => survey.state.live.release === release);
  const held = live.some(({ survey }) => survey.state.canary);
  const still = held ? ['held as a canary', 'abort/ takes it back'] : ['live', 'roll back'];
  const names = live.map(({ survey }) => survey.state.workload).join(', ');
  const stays = live.length === 0 ? '' : `, and it is still ${still[0]} on ${names} (${still[1]})`;
  const why = whyAndLift({ ...request, release }, closed);
  // Who held it may have brought it there.
  const so = held ? 'it did not go on' : 'nothing was changed';
  const message = `the gate stopped ${showRelease(release)}, so ${so}${stays}: ${why}`;
  const workloads = train.steps.map((step) => stoppedAtGate(step, release, closed));
  const result = trainResult(request, train, workloads);
  const askedAt = new Date(clock.now()).toISOString();
  return { ...result, message, gate: { answer: 'closed', closed, askedAt, blocks: [], warnings: train.passedOver } };
}

/** The result of a workload that the gate stopped before anything was written to it. */
export function stoppedAtGate(step: Step, release: string, closed: Closed): WorkloadResult {
  const { state } = step.survey;
  const canary = canaryFound(state);
  const stopped = resultOf(step, release, state.deployment, {
    outcome: 'blocked',
    reasonCode: closed.code === 'release-blocked' ? 'release-blocked' : 'gate-unreadable',
    message: `${state.workload}: ${showRelease(release)} was stopped by the gate`,
  });
  return canary && step.canary && state.live.release === release ? { ...stopped, canary } : stopped;
}

/** Enough for one try where the blocks took all the time there was. Milliseconds. */
const LEAST_MS = 2_000;

/** The result with what the gate had to do with it, once its blocks are settled and what runs now is recorded there. */
export async function withGateReport(
  ports: RollPorts,
  request: TrainRequest,
  result: Result,
  {
    admission: { answer, warnings },
    blocking,
    closed,
  }: {
    readonly admission: Extract<Admission, { kind: 'admitted' }>;
    readonly blocking: Blocking;
    /** Why a workload was stopped that was admitted at first. */
    readonly closed?: Closed | undefined;
  },
): Promise<Result> {
  const begin = ports.clock.now();
  const blocks = await blocking.settled();
  const ms = Math.max(LEAST_MS, PATIENCE.ms - (ports.clock.now() - begin));
  const unrecorded = await recordDeployed(ports, request, result, blocks, { ...PATIENCE, ms });
  const lift = closed && result.outcome === 'blocked' ? howToLift({ ...request, release: result.release }, closed) : [];
  const message = [result.message, ...lift, ...missingBlocksText(blocks, request)].join('; ');
  const unblocked = blocking.unblocked();
  const said = closed ? ({ answer: 'closed', closed, askedAt: new Date(begin).toISOString() } as const) : { answer };
  return {
    ...result,
    message,
    gate: { ...said, blocks, ...(unblocked.length > 0 && { unblocked }), warnings: [...warnings, ...unrecorded] },
  };
}

/** What a run says that could not block what it left, a clause each. */
export function missingBlocksText(
  blocks: readonly BlockReport[],
  there: Pick<TrainRequest, 'scope' | 'environment' | 'runUrl'>,
): readonly string[] {
  return blocks.flatMap(({ release, state }) => {
    if (state !== 'missing') return [];
    const command = blockCommand({ ...there, release });
    return `the block of ${showRelease(release)} is missing, so it may enter the next environment; to block it: ${command}`;
  });
}
