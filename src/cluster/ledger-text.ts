import type { Ledger } from '../release/ledger.ts';

// A ConfigMap holds 1 MiB; up to here the ledger is laid out for people who read it with kubectl.
const roomForLayout = 900 * 1024;

/** A ledger as JSON, laid out while it is small. */
export function ledgerText(ledger: Ledger): string {
  const text = JSON.stringify(ledger, null, 1);
  return Buffer.byteLength(text) <= roomForLayout ? text : JSON.stringify(ledger);
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
