import { errorMessage } from '../errors.ts';
import { coveringBlock } from '../gate/covering-block.ts';
import { type Deployed, environmentsOf } from '../gate/deployed.ts';
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
  /** The record that closes the gate already, or the one that was written. */
  readonly id: number;
  readonly changed: boolean;
  /** As it was read at the end. */
  readonly standing: Standing;
  /** The environments that run the release now; undefined where that could not be read. */
  readonly runsIn: readonly string[] | undefined;
}

/** Blocks a release, unless a block that stands says the same already. Throws GitHubError. */
export async function blockRelease(
  { gate, clock, log }: { readonly gate: Gate; readonly clock: Clock; readonly log: Log },
  request: BlockRequest,
): Promise<Blocked> {
  const { trust, scope, release, environment, reason, origin } = request;
  const reading = readDeployments(gate, log, request);
  const standing = await readStanding(gate, request, trust);
  const runsIn = reading.then((deployed) => deployed && environmentsOf(release, deployed));
  if (standing.kind === 'blocked' && coveringBlock(standing, environment)) {
    const deployed = await reading;
    // One too many does no harm.
    const stands = deployed && coveringBlock(standing, environment, deployed);
    // unblock/ takes the record that closes the gate, whichever says the same already.
    if (stands) return { id: standing.id, changed: false, standing, runsIn: await runsIn };
  }
  const said = { scope, release, environment, reason, ...origin };
  const id = await writeBlock({ gate, clock }, said, standing.newest);
  return { id, changed: true, standing: await readStandingAfter(id, gate, request, trust, [id]), runsIn: await runsIn };
}

/** By the newest hundred records of all environments; an environment that is not among them is not named. */
async function readDeployments(
  gate: Gate,
  log: Log,
  { scope, trust }: BlockRequest,
): Promise<readonly Deployed[] | undefined> {
  try {
    return await readLately(gate, scope, trust);
  } catch (error) {
    log.warn(`which environments run the release could not be read: ${errorMessage(error)}`);
    return undefined;
  }
}
