import { errorMessage } from '../errors.ts';
import { environmentsOf } from '../gate/deployed.ts';
import type { BlockRecord } from '../gate/record.ts';
import type { Standing, Subject } from '../gate/standing.ts';
import type { Trust } from '../gate/trust.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { readLately, readStanding, readStandingAfter } from './gate-records.ts';
import { writeBlock } from './write-block.ts';

/** Who blocks or unblocks, and in which run. */
export type Origin = Pick<BlockRecord, 'actor' | 'runUrl' | 'runId'>;

export interface BlockRequest extends Subject {
  /** Where it proved bad; empty where nobody says. */
  readonly environment: string;
  readonly reason: string;
  readonly trust: Trust;
  readonly origin: Origin;
}

export interface Blocked {
  /** The block's record: the one that was there already, or the one that was written. */
  readonly id: number;
  readonly changed: boolean;
  /** As it was read at the end. */
  readonly standing: Standing;
  /** The environments that run the release now; undefined where that could not be read. */
  readonly runsIn: readonly string[] | undefined;
}

/** Blocks a release; one that is blocked already stays as it is. Throws GitHubError. */
export async function blockRelease(
  { gate, clock, log }: { readonly gate: Gate; readonly clock: Clock; readonly log: Log },
  request: BlockRequest,
): Promise<Blocked> {
  const { trust, scope, release, environment, reason, origin } = request;
  const runs = readRuns(gate, log, request);
  const standing = await readStanding(gate, request, trust);
  if (standing.kind === 'blocked') return { id: standing.id, changed: false, standing, runsIn: await runs };
  const said = { scope, release, environment, reason, ...origin };
  const id = await writeBlock({ gate, clock }, said, standing.newest);
  return { id, changed: true, standing: await readStandingAfter(id, gate, request, trust, [id]), runsIn: await runs };
}

/** By the newest hundred records of all environments; an environment that is not among them is not named. */
async function readRuns(
  gate: Gate,
  log: Log,
  { scope, release, trust }: BlockRequest,
): Promise<readonly string[] | undefined> {
  try {
    return environmentsOf(release, await readLately(gate, scope, trust));
  } catch (error) {
    log.warn(`which environments run the release could not be read: ${errorMessage(error)}`);
    return undefined;
  }
}
