import { publicReason } from '../foreign/public-reason.ts';
import { readDeployed } from '../gate/deployed.ts';
import type { StoredRecord } from '../gate/record.ts';
import type { Standing, Subject } from '../gate/standing.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
import { toldBlocks } from '../gate/told-blocks.ts';
import type { Trust } from '../gate/trust.ts';
import type { Clock, Gate } from '../ports.ts';
import type { Origin } from './block-release.ts';
import { readStanding, readStandingAfter } from './gate-records.ts';

export interface UnblockRequest extends Subject {
  /** The record to lift; undefined for the one that closes the gate now. */
  readonly block: number | undefined;
  readonly reason: string;
  readonly trust: Trust;
  readonly origin: Origin;
}

export type Closing = Exclude<Standing, { readonly kind: 'clear' }>;

export type Unblocked =
  /** Nothing closes the gate, and nothing was written. */
  | { readonly kind: 'not-blocked' }
  /** Another record closes it than the one that was named; nothing was written. */
  | { readonly kind: 'refused'; readonly named: number; readonly closing: Closing }
  | {
      readonly kind: 'written';
      readonly id: number;
      readonly lifted: Closing;
      /** As the record says it. */
      readonly reason: string;
      /** As it was read after that: what came meanwhile closes still. */
      readonly standing: Standing;
    };

const LOOKS = 5;
const PAUSE_MS = 1_000;
/** How far the search for who wrote a deleted block looks back: three of GitHub's pages. */
const MOST_RECORDS = 300;

/** Lifts one record. Throws GitHubError. */
export async function unblockRelease(
  { gate, clock }: { readonly gate: Gate; readonly clock: Clock },
  request: UnblockRequest,
): Promise<Unblocked> {
  const { block, scope, release, origin } = request;
  const reason = publicReason(request.reason);
  const { standing, told } = await readClosing(gate, request);
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
  return { kind: 'written', id, lifted: standing, reason, standing: now };
}

/** Where the release stands. A block that somebody deleted is known only by the runs that say they wrote it. */
async function readClosing(
  gate: Gate,
  request: UnblockRequest,
): Promise<{ readonly standing: Standing; readonly told: readonly number[] }> {
  const { trust } = request;
  const standing = await readStanding(gate, request, trust);
  if (standing.kind !== 'clear') return { standing, told: [] };
  const told = await readTold(gate, request);
  return told.length === 0 ? { standing, told } : { standing: await readStanding(gate, request, trust, told), told };
}

/** By the last hundred runs, as the gate knows them; for a record that is named, as far back as it takes. */
async function readTold(gate: Gate, { scope, release, trust, block }: UnblockRequest): Promise<readonly number[]> {
  const toldBy = (records: readonly StoredRecord[]) => toldBlocks(release, readDeployed(scope, records, trust));
  const records = await gate.read(
    { task: deployTask(scope) },
    (read) => block === undefined || read.length >= MOST_RECORDS || toldBy(read).includes(block),
  );
  return toldBy(records);
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
