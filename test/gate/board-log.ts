import type { BlockRecord, DeployedRecord, UnblockRecord } from '../../src/gate/record.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { createMemoryGate, type MemoryGate, type MemoryGateOptions } from '../fakes/memory-gate.ts';

/** A gate's log to which runs of a pipeline write; each gives its record's id. */
export interface BoardLog extends MemoryGate {
  readonly deployed: (environment: string, running: string, said?: Partial<DeployedRecord>) => number;
  readonly blocked: (release: string, said?: Partial<BlockRecord>) => number;
  readonly unblocked: (release: string, lifts: number, said?: Partial<UnblockRecord>) => number;
}

const RUN_URL = 'https://github.com/octo/shop/actions/runs/7';
const SAID = { v: 1, scope: 'default', actor: 'mona', runUrl: RUN_URL, runId: '7', at: '2000-01-01' } as const;

export function createBoardLog(options?: MemoryGateOptions): BoardLog {
  const gate = createMemoryGate(options);
  return {
    ...gate,
    deployed: (environment, running, said = {}) => {
      const kind = 'release-deployed';
      const did = { ...{ environment, running, release: running, reason: '', verified: true, blocks: [] } };
      const about = { outcome: 'succeeded', mode: 'deploy', namespace: 'shop', workloads: ['deployment/web'] };
      const payload = { ...SAID, kind, ...did, ...about, ...said };
      return gate.put({ environment, task: deployTask(payload.scope), payload });
    },
    blocked: (release, said = {}) => {
      const payload = {
        ...SAID,
        kind: 'release-block',
        release,
        reason: 'it crashed',
        environment: 'staging',
        ...said,
      };
      return gate.put({ environment: GATE_ENVIRONMENT, task: gateTask(payload.scope, release), payload });
    },
    unblocked: (release, lifts, said = {}) => {
      const payload = { ...SAID, kind: 'release-unblock', release, reason: 'false alarm', lifts, ...said };
      return gate.put({ environment: GATE_ENVIRONMENT, task: gateTask(payload.scope, release), payload });
    },
  };
}
