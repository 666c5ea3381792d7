import type { GateRecord, StoredRecord } from './record.ts';
import { distrust, type Trust } from './trust.ts';

/** What a stored record says, or why that does not count. */
export type Reading =
  | { readonly kind: 'read'; readonly id: number; readonly record: GateRecord }
  | { readonly kind: 'unreadable'; readonly id: number; readonly why: string };

/** Reads a record strictly: what is not understood as a whole is not understood at all. */
export function readRecord(stored: StoredRecord, trust: Trust): Reading {
  const { id, payload } = stored;
  const why = distrust(stored, trust) ?? problemOf(payload);
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
    blocks: 'numbers',
    namespace: 'string',
    workloads: 'strings',
  },
};

function problemOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return 'its payload is no object';
  const said = payload as Readonly<Record<string, unknown>>;
  if (said['v'] !== 1) return `its version is ${JSON.stringify(said['v']) ?? 'missing'}, and this Rollkey knows 1`;
  const fields = FIELDS[said['kind'] as GateRecord['kind']];
  if (!Object.hasOwn(FIELDS, String(said['kind'])) || !fields) return 'its kind is unknown';
  const wrong = Object.entries(fields).find(([name, kind]) => !isOf(kind, said[name]));
  return wrong && `its ${wrong[0]} is not as it should be`;
}

function isOf(kind: string, value: unknown): boolean {
  switch (kind) {
    case 'number':
      return Number.isSafeInteger(value);
    case 'number?':
      return value === undefined || Number.isSafeInteger(value);
    case 'numbers':
      return Array.isArray(value) && value.every(Number.isSafeInteger);
    case 'strings':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    default:
      return typeof value === kind;
  }
}
