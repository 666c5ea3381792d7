import { readRecord } from './read-record.ts';
import type { DeployedRecord, StoredRecord } from './record.ts';
import { environmentKey, sameEnvironment } from './same-environment.ts';
import type { Trust } from './trust.ts';

/** A deployed record that counts. */
export interface Deployed {
  readonly id: number;
  /** Milliseconds since the epoch, by GitHub's clock: a writer's own may be wrong. */
  readonly at: number;
  readonly record: DeployedRecord;
  /** When a record came that does not count: nobody knows what runs since then. */
  readonly doubtedAt?: number;
}

/** A time in which an environment ran one release, verified, without a break. Milliseconds since the epoch. */
export interface Stay {
  readonly since: number;
  /** Undefined while it lasts. */
  readonly until: number | undefined;
}

/**
 * The deployed records of a scope that can be read and trusted, newest first as given. The others open no gate: all that
 * they do is to throw doubt on the one before them in their environment.
 */
export function readDeployed(scope: string, records: readonly StoredRecord[], trust: Trust): readonly Deployed[] {
  const doubts = new Map<string, number>();
  return records.flatMap((stored) => {
    const { id, createdAt } = stored;
    const environment = environmentKey(stored.environment);
    const at = Date.parse(createdAt);
    const record = recordOf(scope, stored, trust);
    if (!record) {
      doubts.set(environment, at);
      return [];
    }
    const doubtedAt = doubts.get(environment);
    doubts.delete(environment);
    return [{ id, at, record, ...(doubtedAt !== undefined && { doubtedAt }) }];
  });
}

/** Whether the newest record says that the environment runs the release, verified. */
export function runsVerified(release: string, deployed: readonly Deployed[]): boolean {
  const [newest] = deployed;
  return newest?.record.running === release && newest.record.verified && newest.doubtedAt === undefined;
}

/** The environments that run the release by their newest record; `deployed` is of all of them, newest first. */
export function environmentsOf(release: string, deployed: readonly Deployed[]): readonly string[] {
  const newest = new Map(deployed.toReversed().map(({ record }) => [environmentKey(record.environment), record]));
  return [...newest.values()].filter(({ running }) => running === release).map(({ environment }) => environment);
}

/** When a release ran verified in one environment, the last stay first; `deployed` is newest first. */
export function staysOf(release: string, deployed: readonly Deployed[]): readonly Stay[] {
  const stays: Stay[] = [];
  for (const { at, record, doubtedAt } of deployed.toReversed()) {
    const lasting = stays.at(-1)?.until === undefined ? stays.pop() : undefined;
    const well = record.running === release && record.verified;
    if (lasting && !well) stays.push({ since: lasting.since, until: at });
    if (well) stays.push({ since: lasting?.since ?? at, until: doubtedAt });
  }
  return stays.toReversed();
}

/** Where it was written is GitHub's word, what it says of that is the writer's. */
function recordOf(scope: string, stored: StoredRecord, trust: Trust): DeployedRecord | undefined {
  const reading = readRecord(stored, trust);
  if (reading.kind !== 'read' || reading.record.kind !== 'release-deployed') return undefined;
  const { record } = reading;
  return record.scope === scope && sameEnvironment(record.environment, stored.environment) ? record : undefined;
}
