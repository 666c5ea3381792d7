import type { BlockRecord, DeployedRecord, UnblockRecord } from '../../src/gate/record.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import type { MemoryGate } from '../fakes/memory-gate.ts';

const SAID = {
  v: 1,
  ...{ release: '1.1', scope: 'default', reason: '', actor: 'mona', runId: '7', at: '2026-11-21T11:00:00Z' },
  runUrl: 'https://github.com/octo/shop/actions/runs/7',
} as const;

/** Puts a block of release 1.1 into the gate's log, as somebody's run did; gives its id. */
export function putBlock(gate: MemoryGate, over: Partial<BlockRecord> = {}): number {
  const payload = { ...SAID, kind: 'release-block', environment: 'staging', reason: 'pods crash', ...over } as const;
  return gate.put({
    environment: GATE_ENVIRONMENT,
    task: gateTask(payload.scope, payload.release),
    payload: payload satisfies BlockRecord,
  });
}

export function putUnblock(gate: MemoryGate, lifts: number, over: Partial<UnblockRecord> = {}): number {
  const payload = { ...SAID, kind: 'release-unblock', lifts, ...over } as const;
  return gate.put({
    environment: GATE_ENVIRONMENT,
    task: gateTask(payload.scope, payload.release),
    payload: payload satisfies UnblockRecord,
  });
}

/** Puts what a run deployed: release 1.1 to staging, verified, unless it says otherwise. `running` follows `release`. */
export function putDeployed(gate: MemoryGate, over: Partial<DeployedRecord> = {}, createdAt?: string): number {
  const { release = '1.1', environment = 'staging', scope = 'default' } = over;
  const payload: DeployedRecord = {
    ...{ ...SAID, kind: 'release-deployed', scope, environment, release, outcome: 'succeeded', mode: 'deploy' },
    ...{ running: release, verified: true, blocks: [], namespace: 'shop', workloads: ['deployment/web'], ...over },
  };
  return gate.put({ environment, task: deployTask(scope), payload, ...(createdAt && { createdAt }) });
}
