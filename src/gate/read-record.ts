import { showRelease } from '../release/release-text.ts';
import type { GateRecord, StoredRecord } from './record.ts';
import { distrust, type Trust } from './trust.ts';

/** What a stored record says, or why that does not count. */
export type Reading =
  | { readonly kind: 'read'; readonly id: number; readonly record: GateRecord }
  | { readonly kind: 'unreadable'; readonly id: number; readonly why: string };

/** Reads a record strictly: what is not understood as a whole is not understood at all. */
export function readRecord(stored: StoredRecord, trust: Trust): Reading {
  const { id, payload } = stored;
  const why = distrust(stored, trust) ?? problemOf(stored);
  return why === undefined ? { kind: 'read', id, record: payload as GateRecord } : { kind: 'unreadable', id, why };
}

type Kinds = Readonly<Record<string, string>>;

const SAID: Kinds = {
  release: 'string',
  scope: 'string',
  reason: 'string',
  actor: 'string',
  runUrl: 'string',
  runId: 'string',
  at: 'string',
  previous: 'number?',
};

const FIELDS: Readonly<Record<GateRecord['kind'], Kinds>> = {
  'release-block': { ...SAID, environment: 'string' },
  'release-unblock': { ...SAID, lifts: 'number' },
  'release-deployed': {
    ...SAID,
    environment: 'string',
    outcome: 'string',
    mode: 'string',
    running: 'string',
    verified: 'boolean',
    blocks: 'blocks',
    namespace: 'string',
    workloads: 'strings',
  },
};

function problemOf({ id, createdAt, payload }: StoredRecord): string | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'its payload is no object';
  const said = payload as Readonly<Record<string, unknown>>;
  const { v, kind, previous } = said;
  if (v !== 1) {
    const newer = typeof v === 'number' && v > 1 ? ': use the newer Rollkey here, too' : '';
    return `its version is ${showRelease(JSON.stringify(v) ?? 'missing')}, and this Rollkey knows 1${newer}`;
  }
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return 'its kind is unknown';
  const wrong = Object.entries(FIELDS[kind as GateRecord['kind']]).find(([name, type]) => !isOf(type, said[name]));
  if (wrong) return `its ${wrong[0]} is not as it should be`;
  if (Number.isNaN(Date.parse(createdAt))) return 'nobody knows when it was written';
  // Otherwise no unblock could ever lift the loss of that record.
  return typeof previous === 'number' && previous >= id ? 'it names a later record as the one before it' : undefined;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'number':
      return Number.isSafeInteger(value);
    case 'number?':
      return value === undefined || Number.isSafeInteger(value);
    case 'blocks':
      return Array.isArray(value) && value.every(isBlockMade);
    case 'strings':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    default:
      return typeof value === type;
  }
}

function isBlockMade(value: unknown): boolean {
  const { id, release } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Number.isSafeInteger(id) && typeof release === 'string';
}
