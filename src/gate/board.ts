import { type Deployed, readDeployed, staysOf } from './deployed.ts';
import { readRecord } from './read-record.ts';
import type { StoredRecord } from './record.ts';
import { environmentKey } from './same-environment.ts';
import { type Standing, standingOf } from './standing.ts';
import { gateTask, keyInTask } from './task.ts';
import { toldBlocks } from './told-blocks.ts';
import type { Trust } from './trust.ts';

/** What runs where, and which releases the gate is closed to. */
export interface Board {
  readonly scope: string;
  /** In the order in which releases came to them first: as a pipeline's. */
  readonly environments: readonly string[];
  /** The release that something happened to last comes first. */
  readonly rows: readonly BoardRow[];
  /** Whether older records were left unread, so that there may be more environments and blocks than these. */
  readonly cut: boolean;
}

/** A release that runs somewhere, or that is kept from running anywhere else. */
export interface BoardRow {
  /** Empty where an environment does not run one release, or nobody knows which. */
  readonly release: string;
  readonly runs: readonly Running[];
  readonly closed?: ClosingRecord;
}

export interface Running {
  readonly environment: string;
  /** ISO 8601, by GitHub's clock: the first record that is known of this stay. */
  readonly since: string;
  /** … and of its being seen well; empty while it was not. */
  readonly verifiedSince: string;
  /** How the last run there ended, and where it is shown. */
  readonly outcome: string;
  readonly runUrl: string;
}

/** The record that closes the gate to a release. */
export type ClosingRecord =
  | {
      readonly kind: 'blocked';
      readonly id: number;
      /** ISO 8601, by GitHub's clock. */
      readonly at: string;
      /** Where it proved bad; empty where nobody said. */
      readonly environment: string;
      readonly actor: string;
      readonly reason: string;
      readonly runUrl: string;
    }
  | { readonly kind: 'unreadable'; readonly id: number; readonly why: string };

/** The records that a board is made of, newest first. */
export interface BoardRecords {
  /** Of the scope's deploy task. */
  readonly deployed: readonly StoredRecord[];
  /** Of the gate's environment, whatever scope they are of. */
  readonly gate: readonly StoredRecord[];
  /** Whether older ones were left unread. */
  readonly cut: boolean;
}

/** Makes the board of a scope; by the gate's own rules, so that it says what the gate would say. */
export function boardOf(scope: string, records: BoardRecords, trust: Trust): Board {
  const deployed = readDeployed(scope, records.deployed, trust);
  const stays = lastStays(deployed);
  const byTask = Map.groupBy(records.gate, ({ task }) => task);
  const known = [...stays, ...deployed.flatMap(({ record }) => record.blocks)].map(({ release }) => release);
  const rows = topicsOf(scope, known, byTask, trust).flatMap(({ release, task }) => {
    const here = stays.filter((stay) => stay.release === release);
    const about = byTask.get(task) ?? [];
    const standing = standingOf({ scope, release }, about, trust, toldBlocks(release, deployed));
    const closed = release === '' ? undefined : closingRecordOf(standing, about, records.cut);
    if (here.length === 0 && !closed) return [];
    const last = Math.max(closed?.id ?? 0, ...here.map(({ id }) => id));
    const row: BoardRow = { release, runs: here.map((stay) => stay.running), ...(closed && { closed }) };
    return [{ last, row }];
  });
  const environments = stays
    .toSorted((one, other) => one.first - other.first)
    .map(({ running }) => running.environment);
  const newestFirst = rows.toSorted((one, other) => other.last - one.last);
  return { scope, environments, rows: newestFirst.map(({ row }) => row), cut: records.cut };
}

interface LastStay {
  readonly release: string;
  /** Ids of the newest and the oldest record of the environment. */
  readonly id: number;
  readonly first: number;
  readonly running: Running;
}

function lastStays(deployed: readonly Deployed[]): readonly LastStay[] {
  const byEnvironment = Map.groupBy(deployed, ({ record }) => environmentKey(record.environment));
  return [...byEnvironment.values()].flatMap((there) => {
    const [newest] = there;
    const oldest = there.at(-1);
    if (!newest || !oldest) return [];
    const { environment, running: release, outcome, runUrl } = newest.record;
    const other = there.findIndex(({ record }) => record.running !== release);
    const since = there[(other === -1 ? there.length : other) - 1] ?? newest;
    const [stay] = staysOf(release, there);
    const verifiedSince = stay && stay.until === undefined ? isoTime(stay.since) : '';
    const running = { environment, since: isoTime(since.at), verifiedSince, outcome, runUrl };
    return [{ release, id: newest.id, first: oldest.id, running }];
  });
}

interface Topic {
  readonly release: string;
  readonly task: string;
}

/** Every release that runs or that a run blocked, and every other that the gate has a record about. */
function topicsOf(
  scope: string,
  told: readonly string[],
  byTask: ReadonlyMap<string, readonly StoredRecord[]>,
  trust: Trust,
): readonly Topic[] {
  const known = [...new Set(told)].map((release) => ({ release, task: gateTask(scope, release) }));
  const others = [...byTask].flatMap(([task, records]) => {
    const key = keyInTask(scope, task);
    if (key === undefined) return [];
    const readings = records.map((stored) => readRecord(stored, trust));
    const named = readings.flatMap((each) => (each.kind === 'read' ? [each.record.release] : []));
    const own = [...new Set(named)].filter((release) => gateTask(scope, release) === task);
    const already = known.filter((each) => each.task === task).map(({ release }) => release);
    // Where no record can be read, the task still says which release it closes.
    const names = own.length + already.length > 0 ? own.filter((release) => !already.includes(release)) : [key];
    return names.map((release) => ({ release, task }));
  });
  return [...known, ...others];
}

function closingRecordOf(
  standing: Standing,
  records: readonly StoredRecord[],
  cut: boolean,
): ClosingRecord | undefined {
  if (standing.kind === 'clear') return undefined;
  const { id } = standing;
  const stored = records.find((each) => each.id === id);
  if (standing.kind === 'unreadable')
    // What was not read seems deleted.
    return stored || !cut ? { kind: 'unreadable', id, why: standing.why } : undefined;
  const { environment, actor, reason, runUrl } = standing.block;
  return { kind: 'blocked', id, at: stored?.createdAt ?? '', environment, actor, reason, runUrl };
}

function isoTime(ms: number): string {
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}
