import type { Revision } from '../rollout/history.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { formatImages, templateDigest, withoutHash } from '../rollout/template.ts';
import { findEntry, type Ledger, type LedgerEntry, settled } from './ledger.ts';
import { releaseNameProblem } from './release-name.ts';

/** The bits of a release, or why there are none to be trusted. `drift` holds sentences for people. */
export type Resolution =
  | {
      readonly kind: 'found';
      readonly source: 'replica-set' | 'ledger-snapshot';
      readonly via: 'ledger' | 'stamp' | 'change-cause';
      /** Ready to be put into the Deployment; equal to its ReplicaSet's, where there is one. */
      readonly template: PodTemplate;
      readonly revision: Revision | undefined;
      readonly drift: readonly string[];
    }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Revision[] }
  | { readonly kind: 'unknown'; readonly drift: readonly string[] };

/**
 * Finds the bits of a release: of a recorded one in the ReplicaSet that holds the recorded template, else in the ledger's
 * snapshot; of any other by the stamp on the template, else by change-cause, with exactly one distinct template. A
 * hand-made revision inherits stamp and change-cause from the one before it, so several distinct templates under one name
 * are never guessed between, and a ledger's record outranks both.
 */
export function resolveRelease(release: string, revisions: readonly Revision[], ledger: Ledger): Resolution {
  const entry = recordOf(release, revisions, ledger);
  if (entry) return resolveRecorded(entry, revisions, ledger);
  const stamped = revisions.filter((revision) => revision.stamp === release && nameOf(revision) === release);
  if (stamped.length > 0) return resolveClaimed(stamped, 'stamp');
  const caused = revisions.filter(({ changeCause }) => changeCause === release);
  if (caused.length > 0) return resolveClaimed(caused, 'change-cause');
  return { kind: 'unknown', drift: [] };
}

/**
 * The name that a revision goes by: `kubectl apply` sets a change-cause, and carries the stamp of another release along.
 * Empty where that is none that a run could be given.
 */
export function nameOf(revision: Revision): string {
  const label = labelledAs(revision);
  return releaseNameProblem(label) === undefined ? label : '';
}

/** What somebody wrote where the name stands. Foreign text; empty where nobody did. */
export function labelledAs({ changeCause, stamp }: Pick<Revision, 'changeCause' | 'stamp'>): string {
  return changeCause || stamp;
}

/** Whether a revision says that it is this release, by its stamp or its change-cause. */
export function claims(revision: Revision, release: string): boolean {
  return revision.stamp === release || revision.changeCause === release;
}

/** The record of a release whose bits were here: an attempt that never reached the cluster proves nothing. */
export function recordOf(release: string, revisions: readonly Revision[], ledger: Ledger): LedgerEntry | undefined {
  const entry = findEntry(ledger, release);
  if (!entry) return undefined;
  const arrived = revisions.some((revision) => revision.digest === entry.template && nameOf(revision) === release);
  return arrived ? entry : settled(entry);
}

function resolveRecorded(entry: LedgerEntry, revisions: readonly Revision[], ledger: Ledger): Resolution {
  const drift = driftOf(entry, revisions);
  const same = revisions.filter(({ digest }) => digest === entry.template);
  const revision = same.find(({ replicaSet }) => replicaSet.metadata.uid === entry.replicaSet?.uid) ?? preferred(same);
  if (revision) return found(revision, 'ledger', drift);
  const snapshot = ledger.templates[entry.template];
  if (!snapshot || templateDigest(snapshot) !== entry.template)
    return { kind: 'unknown', drift: [...drift, `the ledger no longer holds the template of ${entry.release}`] };
  return { kind: 'found', source: 'ledger-snapshot', via: 'ledger', template: snapshot, revision: undefined, drift };
}

function resolveClaimed(candidates: readonly Revision[], via: 'stamp' | 'change-cause'): Resolution {
  const distinct = new Set(candidates.map(({ digest }) => digest));
  const revision = preferred(candidates);
  return distinct.size === 1 && revision ? found(revision, via, []) : { kind: 'ambiguous', candidates };
}

/** Of revisions with the same bits, the live one, else the newest: the one that needs the least change. */
function preferred(revisions: readonly Revision[]): Revision | undefined {
  return revisions.find(({ live }) => live) ?? revisions[0];
}

function found(revision: Revision, via: 'ledger' | 'stamp' | 'change-cause', drift: readonly string[]): Resolution {
  return { kind: 'found', source: 'replica-set', via, template: withoutHash(revision.template), revision, drift };
}

function driftOf(entry: LedgerEntry, revisions: readonly Revision[]): readonly string[] {
  const recorded = revisions.find(({ replicaSet }) => replicaSet.metadata.uid === entry.replicaSet?.uid);
  const changed =
    recorded && recorded.digest !== entry.template
      ? [
          `${recorded.replicaSet.kind ?? 'ReplicaSet'} ${recorded.replicaSet.metadata.name} no longer holds what was recorded for ${entry.release}`,
        ]
      : [];
  // What is live is named by `nameLive`.
  const impostors = revisions.filter(
    (revision) => revision !== recorded && revision.digest !== entry.template && !revision.live,
  );
  return [
    ...changed,
    ...impostors
      .filter((revision) => claims(revision, entry.release))
      .map(
        ({ number, replicaSet, images }) =>
          `revision ${number} (${replicaSet.metadata.name}) is labelled ${entry.release}, too, but holds other bits ` +
          `(${formatImages(images)}): ignored`,
      ),
  ];
}
