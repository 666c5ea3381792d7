import { errorMessage } from '../errors.ts';
import { publicReason } from '../foreign/public-reason.ts';
import type { BlockReport } from '../gate/gate-report.ts';
import { deployTask } from '../gate/task.ts';
import type { Gate } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { answerWithin, type Patience } from './answer-within.ts';
import { PATIENCE } from './blocking.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';

type Ports = Pick<RollPorts, 'gate' | 'clock' | 'log' | 'interrupt'>;
type Request = Pick<TrainRequest, 'scope' | 'environment' | 'actor' | 'runUrl' | 'runId' | 'reason'>;

/**
 * Records at the gate what runs in the environment now, where one is named and the run saw something of it. Returns
 * warnings: when this fails, or is not done while there is patience, the rollout has ended all the same.
 */
export async function recordDeployed(
  ports: Ports,
  request: Request,
  result: Result,
  blocks: readonly BlockReport[],
  patience: Patience = PATIENCE,
): Promise<readonly string[]> {
  const { gate, log } = ports;
  const { environment } = request;
  if (!gate || environment === '' || !tells(result)) return [];
  try {
    const id = await answerWithin(ports, patience, (signal) =>
      append(gate, ports, request, { result, blocks }, signal),
    );
    log.debug(`recorded what runs in ${environment} (record ${id})`);
    return [];
  } catch (error) {
    return [`what runs in ${showRelease(environment)} now is not recorded at the gate: ${errorMessage(error)}`];
  }
}

function append(
  gate: Gate,
  { clock }: Ports,
  { scope, environment, actor, runUrl, runId, reason }: Request,
  { result, blocks }: { readonly result: Result; readonly blocks: readonly BlockReport[] },
  signal: AbortSignal,
): Promise<number> {
  const { release, outcome, mode, workloads } = result;
  const { running, verified } = stateOf(result);
  const payload = {
    ...({ v: 1, kind: 'release-deployed', release, scope, environment, actor, runUrl, runId } as const),
    reason: publicReason(reason),
    at: new Date(clock.now()).toISOString(),
    ...{ outcome, mode, running, verified },
    blocks: blocks.flatMap((block) => (block.state === 'written' ? [{ id: block.id, release: block.release }] : [])),
    namespace: workloads[0]?.namespace ?? '',
    workloads: workloads.map(({ workload }) => workload),
  };
  const runs =
    running === '' ? 'it is not known what runs here' : `${running} runs here${verified ? ', verified' : ''}`;
  const status = { state: verified ? 'success' : 'failure', description: runs } as const;
  return gate.append({ environment, task: deployTask(scope), payload, status }, signal);
}

/** Not of what nobody touched: what ran before is recorded by whoever brought it. */
function tells({ outcome, changed, workloads }: Result): boolean {
  // A canary is not what runs here.
  if (workloads.some(({ canary }) => canary)) return false;
  const seen = ['succeeded', 'unchanged', 'rolled-back', 'rollback-failed'].includes(outcome);
  return workloads.length > 0 && (changed || seen);
}

/** What all workloads run now, if that is one release, and whether it was seen well on all of them. */
function stateOf(result: Result): { readonly running: string; readonly verified: boolean } {
  const { switched, live } = result.blueGreen ?? {};
  if (switched === 'unknown') return { running: '', verified: false };
  // What came onto the colour that serves nobody does not run here.
  if (switched === 'no' && (result.outcome === 'failed' || result.outcome === 'timed-out'))
    return { running: live?.release ?? '', verified: false };
  const [running = '', ...others] = new Set(result.workloads.map(runningOn));
  if (others.length > 0 || running === '') return { running: '', verified: false };
  const good = ['succeeded', 'unchanged', 'rolled-back', 'aborted'].includes(result.outcome);
  return { running, verified: good && result.workloads.every(isVerified) };
}

/** Empty where that is not known. */
function runningOn({ outcome, release, previousRelease, changed, rollback }: WorkloadResult): string {
  if (rollback && rollback.state !== 'impossible')
    return rollback.state === 'done' || rollback.state === 'unhealed' ? rollback.to : '';
  if (outcome === 'superseded' || outcome === 'paused' || outcome === 'cancelled') return '';
  return changed || outcome === 'unchanged' || outcome === 'succeeded' ? release : previousRelease;
}

function isVerified({ outcome, reasonCode, pods, rollback }: WorkloadResult): boolean {
  if (rollback) return rollback.state === 'done' && pods.desired > 0;
  return (
    outcome === 'aborted' ||
    (outcome === 'succeeded' && reasonCode !== 'nothing-verified') ||
    (outcome === 'unchanged' && pods.desired > 0)
  );
}
