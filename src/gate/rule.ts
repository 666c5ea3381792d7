import { plainLine } from '../foreign/plain-text.ts';
import { showRelease } from '../release/release-text.ts';
import { type Deployed, runsVerified, type Stay, staysOf } from './deployed.ts';
import type { BlockRecord } from './record.ts';
import { sameEnvironment } from './same-environment.ts';
import type { Closing, Standing, Unlifted } from './standing.ts';

/** A release that wants to enter an environment. */
export interface Passage {
  readonly release: string;
  readonly environment: string;
  /** The environment in which it must have been verified before; empty for none. */
  readonly after: string;
  /** For how long it must have run there without a break. Milliseconds. */
  readonly soakMs: number;
  /** Whether a blocked release may go where it runs verified already (as in Octopus it may be redeployed there). */
  readonly allowRedeploy: boolean;
}

/** What is known of environments, newest first. Only what the passage asks about needs to be there. */
export interface Whereabouts {
  readonly here: readonly Deployed[];
  readonly after: readonly Deployed[];
}

/** How many deployed records it is worth to look for one release in: ten requests. */
export const MOST_LOOKED_AT = 1_000;
/** In characters, for one line that holds more than it. */
const LONGEST_REASON = 300;
const LONGEST_URL = 200;

export type Decision = Open | Closed;

export interface Open {
  readonly kind: 'open';
  readonly why: string;
}

export type Closed = Blocked | Unreadable | Unproven;

interface Blocked extends Why {
  readonly code: 'release-blocked';
  readonly id: number;
  readonly block: BlockRecord;
}

interface Unreadable extends Why {
  readonly code: 'gate-unreadable';
  /** The record that cannot be read; undefined where none could. */
  readonly id?: number;
  readonly block?: never;
}

interface Unproven extends Why {
  readonly code: 'not-verified' | 'not-soaked';
  readonly id?: never;
  readonly block?: never;
}

interface Why {
  readonly kind: 'closed';
  /** Which other record keeps it from being deployed again where it runs; a clause of `why`. Foreign text. */
  readonly besides?: string;
  /** A clause without a full stop; foreign text is in it. */
  readonly why: string;
}

/**
 * Whether a release may enter: not blocked, or here already and verified; and verified before where it must be. The rule
 * of Octopus Deploy's lifecycles, but that no phase is exempt.
 */
export function mayEnter(passage: Passage, standing: Standing, { here, after }: Whereabouts, now: number): Decision {
  const release = showRelease(passage.release);
  if (standing.kind !== 'clear') {
    const closed = closedBy(passage.release, standing);
    if (!passage.allowRedeploy || standing.kind !== 'blocked' || !runsVerified(passage.release, here)) return closed;
    const bar = provedBadSince(passage, standing, here);
    if (!bar)
      return {
        kind: 'open',
        why: `${release} is blocked, but runs verified in ${showRelease(passage.environment)} already`,
      };
    return bar.id === standing.id ? closed : { ...closed, besides: whatBars(bar) };
  }
  if (passage.after === '') return { kind: 'open', why: `${release} is not blocked` };
  const there = showRelease(passage.after);
  const stays = staysOf(passage.release, after);
  if (stays.length === 0)
    return { kind: 'closed', code: 'not-verified', why: `${release} was ${neverVerified(there, after.length)}` };
  const longest = Math.max(...stays.map((stay) => lengthOf(stay, now)));
  // Asked this way round, a length that is not a number is too short.
  if (!(longest >= passage.soakMs)) {
    const [ran, asked] = [duration(longest), duration(passage.soakMs)];
    const why = `${release} ran verified in ${there} for ${ran} at most, and not for ${asked}`;
    return { kind: 'closed', code: 'not-soaked', why };
  }
  return { kind: 'open', why: `${release} is not blocked, and was verified in ${there}` };
}

function neverVerified(environment: string, records: number): string {
  if (records >= MOST_LOOKED_AT) return `not verified in the last ${records} runs that deployed to ${environment}`;
  // A name with a typo in it looks like a release that was left out.
  const doubt = records > 0 ? '' : ': no record that counts names that environment, so check its spelling';
  return `never verified in ${environment}${doubt}`;
}

/**
 * The newest record that stands and says that the release proved bad here after it was verified here: a rollback may have
 * left it, and its own record may be missing. A block without environment speaks of all of them, at any time, and so may
 * one that nobody can read.
 */
function provedBadSince(
  { environment }: Passage,
  { unlifted }: Extract<Standing, { kind: 'blocked' }>,
  [newest]: readonly Deployed[],
): Unlifted | undefined {
  return unlifted.find(({ id, block }) => {
    if (!block || block.environment === '') return true;
    return sameEnvironment(block.environment, environment) && id > (newest?.id ?? 0);
  });
}

function whatBars({ id, block }: Unlifted): string {
  if (!block) return `record ${id} does not count, and may speak against it here`;
  return `record ${id} blocks it ${block.environment ? `in ${showRelease(block.environment)}` : 'everywhere'}`;
}

/** Why the gate is closed to a release, by its record. */
export function closedBy(name: string, standing: Closing): Blocked | Unreadable {
  const release = showRelease(name);
  const { id } = standing;
  if (standing.kind === 'unreadable')
    return {
      kind: 'closed',
      code: 'gate-unreadable',
      id,
      why: `record ${id} about ${release} does not count: ${standing.why}`,
    };
  const { block } = standing;
  const reason = plainLine(block.reason, LONGEST_REASON).replace(/\.$/, '');
  const where = block.environment && ` in ${showRelease(block.environment)}`;
  const who = block.actor && ` by a run of ${showRelease(block.actor)}`;
  const why = `${release} is blocked${where}${who}${reason && `: ${reason}`}`;
  return { kind: 'closed', code: 'release-blocked', id, block, why };
}

/** Why the gate is closed, and which run blocked the release, where one did. Foreign text is in it. */
export function whyWithRun({ why, block, besides }: Closed): string {
  const run = block?.runUrl ? ` (${plainLine(block.runUrl, LONGEST_URL)})` : '';
  return `${why}${run}${besides ? `; ${besides}` : ''}`;
}

function lengthOf({ since, until }: Stay, now: number): number {
  return Math.max(0, (until ?? now) - since);
}

/** As inputs say it, `1h30m`; rounded down, so that nothing seems long enough that was not. */
function duration(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1000)}s`;
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor((ms % 3_600_000) / 60_000)];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 || hours === 0 ? `${minutes}m` : ''}`;
}
