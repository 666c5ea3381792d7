import type { BlockRecord, UnblockRecord } from '../../src/gate/record.ts';
import type { Subject } from '../../src/gate/standing.ts';
import { gateTask } from '../../src/gate/task.ts';
import type { Trust } from '../../src/gate/trust.ts';
import { readStanding } from '../../src/operations/gate-records.ts';
import type { Gate, NewRecord } from '../../src/ports.ts';
import type { RaceGround } from './gate-races.ts';

/** A gate that notes who asked it when. */
export interface WatchedGate extends Gate {
  /** When the last look at where the release stands began. */
  lastRead(): number;
}

interface Promotion {
  readonly by: string;
  /** When the look at the gate began that let it pass, and when it then passed. */
  readonly asked: number;
  readonly passed: number;
}

/** What happened in a race; times are places in one order. */
export interface RaceJournal {
  readonly now: () => number;
  readonly watched: (gate: Gate) => WatchedGate;
  /** Somebody was told that a record blocks the release. */
  readonly acknowledged: (id: number) => void;
  readonly promoted: (by: string, asked: number) => void;
  /** The gate was closed to somebody. */
  readonly stopped: () => void;
  /** The last block that somebody was told of. */
  readonly lastBlock: () => number;
  readonly told: () => {
    readonly blocks: readonly { readonly id: number; readonly at: number }[];
    readonly promotions: readonly Promotion[];
    readonly stops: number;
    /** Unblocks by what they lift, from when they were sent. */
    readonly unblocks: readonly { readonly lifts: number; readonly sent: number }[];
  };
}

export function openJournal({ scope, release }: Subject): RaceJournal {
  const task = gateTask(scope, release);
  let time = 0;
  const now = () => {
    time += 1;
    return time;
  };
  const blocks: { id: number; at: number }[] = [];
  const promotions: Promotion[] = [];
  const unblocks: { lifts: number; sent: number }[] = [];
  let stops = 0;
  const noteSent = ({ payload }: NewRecord) => {
    if (payload.kind === 'release-unblock') unblocks.push({ lifts: payload.lifts, sent: now() });
  };
  return {
    now,
    watched: (gate) => {
      let lastRead = 0;
      return {
        lastRead: () => lastRead,
        read: (filter, enough, signal) => {
          if (filter.task === task) lastRead = now();
          return gate.read(filter, enough, signal);
        },
        exists: gate.exists,
        append: (record, signal) => {
          noteSent(record);
          return gate.append(record, signal);
        },
      };
    },
    acknowledged: (id) => void blocks.push({ id, at: now() }),
    promoted: (by, asked) => void promotions.push({ by, asked, passed: now() }),
    stopped: () => {
      stops += 1;
    },
    lastBlock: () => blocks.at(-1)?.id ?? 0,
    told: () => ({ blocks, promotions, stops, unblocks }),
  };
}

/**
 * Nobody passes who looked after a block was acknowledged, unless somebody lifted that block; and in the end the gate is
 * closed exactly where a block was not lifted.
 */
export async function judge(
  journal: RaceJournal,
  subject: Subject & { readonly trust: Trust },
  ground: RaceGround,
): Promise<string | undefined> {
  const { blocks, promotions, unblocks } = journal.told();
  for (const { by, asked, passed } of promotions) {
    const open = blocks.filter(({ at }) => at < asked);
    const past = open.find(({ id }) => !unblocks.some(({ lifts, sent }) => lifts >= id && sent < passed));
    if (past) return `${by} passed block ${past.id}, acknowledged at ${past.at}, after a look at ${asked}`;
  }
  const kept = ground
    .payloads()
    .map(({ id, payload }) => ({ id, payload: payload as BlockRecord | UnblockRecord }))
    .filter(({ payload }) => payload.scope === subject.scope && payload.release === subject.release);
  const lifted = Math.max(0, ...kept.map(({ payload }) => (payload.kind === 'release-unblock' ? payload.lifts : 0)));
  const closing = kept.filter(({ id, payload }) => payload.kind === 'release-block' && id > lifted).map(({ id }) => id);
  const standing = await readStanding(ground.gate(), subject, subject.trust);
  const [is, should] = [standing.kind, closing.length > 0 ? 'blocked' : 'clear'];
  return is === should ? undefined : `the gate is ${is} in the end, not ${should}: ${JSON.stringify(kept)}`;
}
