import { type Reading, readRecord } from './read-record.ts';
import type { BlockRecord, StoredRecord, UnblockRecord } from './record.ts';
import type { Trust } from './trust.ts';

/** What all records about one release have in common. */
export interface Subject {
  readonly scope: string;
  readonly release: string;
}

/** Where a release stands at the gate. `newest` is the id of the newest record about it; undefined without any. */
export type Standing =
  | { readonly kind: 'clear'; readonly newest: number | undefined }
  | {
      readonly kind: 'blocked';
      readonly newest: number;
      readonly id: number;
      readonly block: BlockRecord;
      /** Every record that closes the gate by itself, this block first. */
      readonly unlifted: readonly Unlifted[];
    }
  /** A record that cannot be read, that nobody trusted wrote, or that is gone: closed until it is lifted. */
  | { readonly kind: 'unreadable'; readonly newest: number; readonly id: number; readonly why: string };

export type Closing = Exclude<Standing, { readonly kind: 'clear' }>;

/** A record that no unblock lifts. */
export interface Unlifted {
  readonly id: number;
  /** Undefined where it does not count or is gone, so that nobody knows what it said. */
  readonly block: BlockRecord | undefined;
}

/**
 * The newest record that closes the gate decides, unless an unblock lifts it: that names the newest record that its
 * writer knew, and leaves alone what came after. So the re-run of an old unblock never lifts a newer block, and it does
 * not matter in which order a block and an unblock arrive. `records` are newest first; `told` are ids of blocks of this
 * release that are known from elsewhere.
 */
export function standingOf(
  subject: Subject,
  records: readonly StoredRecord[],
  trust: Trust,
  told: readonly number[] = [],
): Standing {
  const readings = readingsAbout(subject, records, trust);
  const newest = readings[0]?.id;
  const [closing, ...others] = closingOf(readings);
  const gone = goneRecords(readings, told);
  if (!closing) {
    const [id] = gone;
    if (id === undefined) return { kind: 'clear', newest };
    return { kind: 'unreadable', newest: Math.max(id, newest ?? 0), id, why: 'somebody deleted it' };
  }
  const { id } = closing;
  const top = newest ?? id;
  if (closing.kind === 'unreadable') return { kind: 'unreadable', newest: top, id, why: closing.why };
  const closers = [closing, ...others].map(unliftedOf);
  const all = [...closers, ...gone.map((lost): Unlifted => ({ id: lost, block: undefined }))];
  const unlifted = [...new Map(all.map((each) => [each.id, each])).values()];
  return { kind: 'blocked', newest: top, id, block: closing.record as BlockRecord, unlifted };
}

/** Whether older records can change nothing any more, so that no further page has to be read. */
export function isDecided(subject: Subject, records: readonly StoredRecord[], trust: Trust): boolean {
  const readings = readingsAbout(subject, records, trust);
  const oldest = records.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  // No unblock lifts what came after it, so that an older one leaves alone what closes by now. What is not known outweighs
  // all blocks, but the newest block is not the only one that may speak against the release.
  return closingOf(readings)[0]?.kind === 'unreadable' || oldest <= liftedUpTo(readings);
}

function readingsAbout(subject: Subject, records: readonly StoredRecord[], trust: Trust): readonly Reading[] {
  return records.map((stored) => readHere(stored, trust)).filter((reading) => isAbout(subject, reading));
}

/** What was deployed is told elsewhere; here it says nothing that could be understood. */
function readHere(stored: StoredRecord, trust: Trust): Reading {
  const reading = readRecord(stored, trust);
  const strange = reading.kind === 'read' && reading.record.kind === 'release-deployed';
  return strange ? { kind: 'unreadable', id: stored.id, why: 'it neither blocks nor unblocks' } : reading;
}

/** Another release may have the same task; what cannot be read may be about any. */
function isAbout({ scope, release }: Subject, reading: Reading): boolean {
  return reading.kind === 'unreadable' || (reading.record.release === release && reading.record.scope === scope);
}

function closingOf(readings: readonly Reading[]): readonly Reading[] {
  const lifted = liftedUpTo(readings);
  return readings.filter((reading) => closes(reading) && reading.id > lifted);
}

function unliftedOf(closing: Reading): Unlifted {
  return { id: closing.id, block: closing.kind === 'read' ? (closing.record as BlockRecord) : undefined };
}

function closes(reading: Reading): boolean {
  return reading.kind === 'unreadable' || reading.record.kind !== 'release-unblock';
}

function liftedUpTo(readings: readonly Reading[]): number {
  return Math.max(0, ...readings.flatMap(liftOf));
}

/** An unblock cannot know what came after it. */
function liftOf(reading: Reading): readonly number[] {
  const lifts = reading.kind === 'read' && reading.record.kind === 'release-unblock';
  return lifts ? [Math.min((reading.record as UnblockRecord).lifts, reading.id)] : [];
}

/** Records name the one before them: one that is missing was deleted, and nobody knows what it said. */
function goneRecords(readings: readonly Reading[], told: readonly number[]): readonly number[] {
  const [ids, lifted] = [new Set(readings.map(({ id }) => id)), liftedUpTo(readings)];
  const named = readings.flatMap((each) => (each.kind === 'read' ? (each.record.previous ?? []) : []));
  return [...named, ...told].filter((each) => each > lifted && !ids.has(each));
}
