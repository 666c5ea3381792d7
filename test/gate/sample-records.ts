import type { BlockRecord, DeployedRecord, StoredRecord, UnblockRecord } from '../../src/gate/record.ts';
import type { Standing, Subject } from '../../src/gate/standing.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';

/** The release that the samples are about. */
export const SUBJECT: Subject = { scope: 'default', release: '1.1' };

const said = {
  v: 1,
  ...SUBJECT,
  reason: 'it crashes',
  actor: 'octocat',
  runUrl: 'https://github.com/octo/shop/actions/runs/4711',
  runId: '4711',
  at: '2026-11-21T12:00:00Z',
} as const;

export function blockRecord(differing: Partial<BlockRecord> = {}): BlockRecord {
  return { ...said, kind: 'release-block', environment: 'staging', ...differing };
}

/** Lifts what stands up to a record. */
export function unblockRecord(lifts: number, differing: Partial<UnblockRecord> = {}): UnblockRecord {
  return { ...said, kind: 'release-unblock', lifts, ...differing };
}

/** What staging runs, verified, unless it says otherwise. */
export function deployedRecord(differing: Partial<DeployedRecord> = {}): DeployedRecord {
  return {
    ...said,
    kind: 'release-deployed',
    environment: 'staging',
    outcome: 'succeeded',
    mode: 'deploy',
    running: SUBJECT.release,
    verified: true,
    blocks: [],
    namespace: 'shop',
    workloads: ['deployment/web'],
    ...differing,
  };
}

/** Where a release stands that records close the gate to, the newest of them first; one without a block cannot be read. */
export function blockedBy(
  id: number,
  block: BlockRecord,
  ...others: readonly (readonly [id: number, block: BlockRecord | undefined])[]
): Extract<Standing, { readonly kind: 'blocked' }> {
  const unlifted = [{ id, block }, ...others.map(([other, said]) => ({ id: other, block: said }))];
  return { kind: 'blocked', newest: id, id, block, unlifted };
}

/** A payload as GitHub keeps it among the gate's records about the sample release, written by a workflow. */
export function stored(id: number, payload: unknown, differing: Partial<StoredRecord> = {}): StoredRecord {
  return {
    id,
    environment: GATE_ENVIRONMENT,
    task: gateTask(SUBJECT.scope, SUBJECT.release),
    creator: WORKFLOWS_LOGIN,
    app: 'github-actions',
    createdAt: '2026-11-21T12:00:00Z',
    payload,
    ...differing,
  };
}

/** A deployed record as GitHub keeps it, of so many minutes past noon. */
export function storedDeployed(id: number, minute: number, differing: Partial<DeployedRecord> = {}): StoredRecord {
  const record = deployedRecord(differing);
  const createdAt = new Date(Date.parse('2026-11-21T12:00:00Z') + 60_000 * minute).toISOString();
  return stored(id, record, { environment: record.environment, task: deployTask(record.scope), createdAt });
}
