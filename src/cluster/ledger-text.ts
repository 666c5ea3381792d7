import type { Ledger } from '../release/ledger.ts';
import { MAX_LEDGER_BYTES } from '../release/prune.ts';

/** A ledger as JSON, laid out for people who read it with kubectl while there is room for that. */
export function ledgerText(ledger: Ledger): string {
  const text = JSON.stringify(ledger, null, 1);
  return Buffer.byteLength(text) <= MAX_LEDGER_BYTES ? text : JSON.stringify(ledger);
}

/** The ledger in a text; a string says why it cannot be one that this version wrote. */
export function parseLedger(text: string): Ledger | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not valid JSON';
  }
  if (!isRecord(value)) return 'it is not a JSON object';
  if (value['schemaVersion'] !== 1) return `its schemaVersion is ${JSON.stringify(value['schemaVersion'])}, not 1`;
  if (!Array.isArray(value['entries']) || !value['entries'].every(isEntry)) return 'its entries are not complete';
  if (!isRecord(value['templates'])) return 'its templates are missing';
  return value as unknown as Ledger;
}

function isEntry(entry: unknown): boolean {
  return (
    isRecord(entry) &&
    ['release', 'template', 'firstAttemptedAt', 'attemptedAt'].every((field) => typeof entry[field] === 'string') &&
    isRecord(entry['images'])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
