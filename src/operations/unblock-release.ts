import { GitHubError } from '../errors.ts';
import { publicReason } from '../foreign/public-reason.ts';
import { readDeployed } from '../gate/deployed.ts';
import type { StoredRecord } from '../gate/record.ts';
import type { Closing, Standing, Subject } from '../gate/standing.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
import { toldBlocks } from '../gate/told-blocks.ts';
import type { Trust } from '../gate/trust.ts';
import type { Clock, Gate } from '../ports.ts';
import type { Origin } from './block-release.ts';
import { readLately, readStanding, readStandingAfter } from './gate-records.ts';

export interface UnblockRequest extends Subject {
  /** The record to lift; undefined for the one that closes the gate now. */
  readonly block: number | undefined;
  readonly reason: string;
  readonly trust: Trust;
  readonly origin: Origin;
}

export type Unblocked =
  /** Nothing closes the gate, and nothing was written. */
  | { readonly kind: 'not-blocked' }
  /** Another record closes it than the one that was named; nothing was written. */
  | { readonly kind: 'refused'; readonly named: number; readonly closing: Closing }
  | {
      readonly kind: 'written';
      readonly id: number;
      readonly lifted: Closing;
      /** Whether nobody knows of the lifted record but whoever named it, and it is not there. */
      readonly presumed: boolean;
      /** As the record says it. */
      readonly reason: string;
      /** As it was read after that: what came meanwhile closes still. */
      readonly standing: Standing;
    };

const LOOKS = 5;
const PAUSE_MS = 1_000;
/** How far the search for who wrote a deleted block looks back: three of GitHub's pages. */
const MOST_RECORDS = 300;

/** Lifts the record that closes the gate, and all before it. Throws GitHubError. */
export async function unblockRelease(
  { gate, clock }: { readonly gate: Gate; readonly clock: Clock },
  request: UnblockRequest,
): Promise<Unblocked> {
  const { block, scope, release, origin } = request;
  const reason = publicReason(request.reason);
  const { standing, told, presumed } = await readClosing(gate, request);
  if (standing.kind === 'clear') return { kind: 'not-blocked' };
  if (block !== undefined && standing.id !== block) return { kind: 'refused', named: block, closing: standing };
  const at = new Date(clock.now()).toISOString();
  const id = await gate.append({
    environment: GATE_ENVIRONMENT,
    task: gateTask(scope, release),
    payload: {
      ...{ v: 1, kind: 'release-unblock', scope, release, reason, ...origin, at },
      ...{ lifts: standing.id, previous: standing.newest },
    },
    status: { state: 'inactive', description: `unblocked: ${reason}` },
  });
  const now = await readBack(gate, clock, request, { id, lifted: standing.id, told });
  return { kind: 'written', id, lifted: standing, presumed, reason, standing: now };
}

interface Read {
  readonly standing: Standing;
  /** Ids of its blocks that are known from elsewhere. */
  readonly told: readonly number[];
  readonly presumed: boolean;
}

/**
 * Where the release stands. A block that somebody deleted is known only by the runs that say they wrote it, and shows
 * only once the one before it is lifted.
 */
async function readClosing(gate: Gate, request: UnblockRequest): Promise<Read> {
  const { trust, scope, release } = request;
  const standing = await readStanding(gate, request, trust);
  if (standing.kind !== 'clear') {
    const told = toldBlocks(release, await readLately(gate, scope, trust).catch(orNone));
    return { standing, told, presumed: false };
  }
  const { told, presumed } = await readTold(gate, request, standing.newest);
  const known = told.length === 0 ? standing : await readStanding(gate, request, trust, told);
  return { standing: known, told, presumed: presumed && known.kind !== 'clear' && known.id === request.block };
}

/** Nothing that closes the gate stays closed for want of what only tells of others. */
function orNone(error: unknown): readonly [] {
  if (error instanceof GitHubError) return [];
  throw error;
}

/**
 * By the last hundred runs, as the gate knows them; for a record that is named, further back, and where none of them tells
 * of it, by whether it is there. `newest` is the newest record that is known about the release.
 */
async function readTold(
  gate: Gate,
  { scope, release, trust, block }: UnblockRequest,
  newest: number | undefined,
): Promise<Omit<Read, 'standing'>> {
  const toldBy = (records: readonly StoredRecord[]) => toldBlocks(release, readDeployed(scope, records, trust));
  const records = await gate.read(
    { task: deployTask(scope) },
    (read) => block === undefined || read.length >= MOST_RECORDS || toldBy(read).includes(block),
  );
  const told = toldBy(records);
  if (block === undefined || told.includes(block)) return { told, presumed: false };
  // A number that is still to come was never that of a record, and no unblock could lift it.
  const known = Math.max(newest ?? 0, records[0]?.id ?? 0);
  const gone = block < known && !(await gate.exists(block));
  return { told: gone ? [...told, block] : told, presumed: gone };
}

/** An answer that still shows the lifted record alone is an old one: not all of GitHub's copies are equally fresh. */
async function readBack(
  gate: Gate,
  clock: Clock,
  request: UnblockRequest,
  { id, lifted, told }: { readonly id: number; readonly lifted: number; readonly told: readonly number[] },
): Promise<Standing> {
  for (let look = 1; ; look += 1) {
    const standing = await readStandingAfter(id, gate, request, request.trust, told);
    if (standing.kind === 'clear' || standing.id !== lifted || look === LOOKS) return standing;
    await clock.sleep(PAUSE_MS);
  }
}
