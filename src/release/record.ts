import type { PodTemplate } from '../rollout/objects.ts';
import { imagesOf, templateDigest, withoutHash } from '../rollout/template.ts';
import { findEntry, type Ledger, type LedgerEntry } from './ledger.ts';

/** What is known of a release when the intent to roll it is written. `at` is ISO 8601, UTC. */
export interface Attempt {
  readonly release: string;
  readonly template: PodTemplate;
  readonly at: string;
  readonly runUrl: string;
  readonly actor: string;
  readonly reason: string;
}

/** What was seen when its rollout ended. `unverified`: nothing ran that could have been verified. */
export interface Ending {
  readonly release: string;
  readonly verdict: 'verified' | 'unverified' | 'failed' | 'superseded';
  readonly template: PodTemplate;
  readonly at: string;
  readonly replicaSet: { readonly name: string; readonly uid: string } | undefined;
  readonly imageIDs: Readonly<Record<string, readonly string[]>>;
}

/** The ledger with an attempt noted. Other bits under a known name replace its record; the same bits keep their verdicts. */
export function recordAttempt(ledger: Ledger, attempt: Attempt): Ledger {
  const { release, template, at, runUrl, actor, reason } = attempt;
  const before = findEntry(ledger, release);
  const digest = templateDigest(template);
  const kept = before?.template === digest ? before : undefined;
  const entry: LedgerEntry = {
    ...kept,
    release,
    template: digest,
    images: imagesOf(template),
    firstAttemptedAt: before?.firstAttemptedAt ?? at,
    attemptedAt: at,
    ...(runUrl && { runUrl }),
    ...(actor && { actor }),
    ...(reason && { reason }),
  };
  return put(ledger, entry, template);
}

/** The ledger with the verdict on a release's rollout, and the bits as the cluster took them. */
export function recordEnding(ledger: Ledger, ending: Ending): Ledger {
  const { release, verdict, template, at, replicaSet, imageIDs } = ending;
  const before = findEntry(ledger, release);
  const entry: LedgerEntry = {
    firstAttemptedAt: at,
    attemptedAt: at,
    ...before,
    release,
    template: templateDigest(template),
    images: imagesOf(template),
    ...(replicaSet && { replicaSet }),
    ...(Object.keys(imageIDs).length > 0 && { imageIDs }),
    ...(verdict !== 'unverified' && { [`${verdict}At`]: at }),
  };
  return put(ledger, entry, template);
}

/** The ledger with a time set on a release's entry; unchanged where it has none. `at` is ISO 8601, UTC. */
export function mark(ledger: Ledger, release: string, what: 'rolledBackAt' | 'supersededAt', at: string): Ledger {
  const entries = ledger.entries.map((entry) => (entry.release === release ? { ...entry, [what]: at } : entry));
  return { ...ledger, entries };
}

function put(ledger: Ledger, entry: LedgerEntry, template: PodTemplate): Ledger {
  const known = findEntry(ledger, entry.release) !== undefined;
  const entries = known
    ? ledger.entries.map((other) => (other.release === entry.release ? entry : other))
    : [...ledger.entries, entry];
  return withoutOrphans({
    ...ledger,
    entries,
    templates: { ...ledger.templates, [entry.template]: withoutHash(template) },
  });
}

/** Without the snapshots that no entry points at. */
export function withoutOrphans(ledger: Ledger): Ledger {
  const used = new Set(ledger.entries.map((entry) => entry.template));
  const templates = Object.fromEntries(Object.entries(ledger.templates).filter(([digest]) => used.has(digest)));
  return { ...ledger, templates };
}
