import { goodReleases, type Ledger, lastAttempted } from './ledger.ts';
import { templatesOf, withoutOrphans } from './record.ts';

/** Room for the ledger in its ConfigMap, in bytes of JSON: the API server takes 1 MiB for the whole object. */
export const MAX_LEDGER_BYTES = 900 * 1024;

/**
 * The ledger below `maxBytes`: the releases attempted longest ago go first, never what was attempted last or the last two
 * that are good. Where these alone are too large, their snapshots go: a record must never stop a rollout. Linear in the number
 * of entries.
 */
export function pruneLedger(ledger: Ledger, maxBytes = MAX_LEDGER_BYTES): Ledger {
  let excess = Buffer.byteLength(JSON.stringify(ledger)) - maxBytes;
  if (excess <= 0) return ledger;
  const keep = [lastAttempted(ledger), ...goodReleases(ledger).slice(0, 2)];
  const users = countUsers(ledger);
  const dropped = new Set<string>();
  for (const entry of [...ledger.entries].sort((a, b) => (a.attemptedAt < b.attemptedAt ? -1 : 1))) {
    if (excess <= 0) break;
    if (keep.includes(entry.release)) continue;
    dropped.add(entry.release);
    excess -= Buffer.byteLength(JSON.stringify(entry));
    for (const template of templatesOf(entry)) {
      const left = (users.get(template) ?? 1) - 1;
      users.set(template, left);
      if (left === 0) excess -= Buffer.byteLength(JSON.stringify(ledger.templates[template] ?? null));
    }
  }
  const entries = ledger.entries.filter(({ release }) => !dropped.has(release));
  return withoutSnapshots(withoutOrphans({ ...ledger, entries }), maxBytes);
}

/** Their ReplicaSets still hold the bits, as long as Kubernetes keeps them. */
function withoutSnapshots(ledger: Ledger, maxBytes: number): Ledger {
  const templates = new Map(Object.entries(ledger.templates));
  let excess = Buffer.byteLength(JSON.stringify(ledger)) - maxBytes;
  for (const [digest, template] of templates) {
    if (excess <= 0) break;
    templates.delete(digest);
    excess -= Buffer.byteLength(JSON.stringify(template));
  }
  return { ...ledger, templates: Object.fromEntries(templates) };
}

function countUsers(ledger: Ledger): Map<string, number> {
  const users = new Map<string, number>();
  for (const template of ledger.entries.flatMap(templatesOf)) users.set(template, (users.get(template) ?? 0) + 1);
  return users;
}
