import { readRecord } from './read-record.ts';
import type { DeployedRecord, StoredRecord } from './record.ts';
import type { Trust } from './trust.ts';

/** A deployed record that counts. */
export interface Deployed {
  readonly id: number;
  /** Milliseconds since the epoch, by GitHub's clock: a writer's own may be wrong. */
  readonly at: number;
  readonly record: DeployedRecord;
}

/** A time in which an environment ran one release, verified, without a break. Milliseconds since the epoch. */
export interface Stay {
  readonly since: number;
  /** Undefined while it lasts. */
  readonly until: number | undefined;
}

/** The deployed records of a scope that can be read and trusted, in the order given; the others open no gate. */
export function readDeployed(scope: string, records: readonly StoredRecord[], trust: Trust): readonly Deployed[] {
  return records.flatMap((stored) => {
    const reading = readRecord(stored, trust);
    if (reading.kind !== 'read' || reading.record.kind !== 'release-deployed') return [];
    const { record } = reading;
    // Where it was written is GitHub's word, what it says of that is the writer's.
    if (record.scope !== scope || record.environment !== stored.environment) return [];
    return [{ id: stored.id, at: Date.parse(stored.createdAt), record }];
  });
}

/** Whether the newest record says that the environment runs the release, verified. */
export function runsVerified(release: string, deployed: readonly Deployed[]): boolean {
  const [newest] = deployed;
  return newest?.record.running === release && newest.record.verified;
}

/** When a release ran verified in one environment, the last stay first; `deployed` is newest first. */
export function staysOf(release: string, deployed: readonly Deployed[]): readonly Stay[] {
  return deployed.reduceRight<readonly Stay[]>((stays, { at, record }) => {
    const [last, ...before] = stays;
    const lasts = last !== undefined && last.until === undefined;
    if (record.running === release && record.verified)
      return lasts ? stays : [{ since: at, until: undefined }, ...stays];
    return lasts ? [{ since: last.since, until: at }, ...before] : stays;
  }, []);
}
