import type { Revision } from '../rollout/history.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { formatImages, imagesOf, templateDigest } from '../rollout/template.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import { releaseNameProblem } from './release-name.ts';
import { showRelease } from './release-text.ts';
import { claims, labelledAs, recordOf } from './resolve.ts';

/** Which release a Deployment's template is now. */
export interface Live {
  /** Empty where nothing names these bits beyond doubt. */
  readonly release: string;
  /** For people: the release, else the images. */
  readonly label: string;
  readonly template: PodTemplate;
  readonly revision: Revision | undefined;
  readonly drift: readonly string[];
}

/**
 * Names the live template: by the ledger's record of the same bits, else by change-cause or stamp as long as no record
 * and no other revision holds other bits under that name. change-cause goes before the stamp, since a plain
 * `kubectl apply` or `set image` carries the stamp along. `ownCause`, the Deployment's, speaks where no ReplicaSet carries
 * the template yet.
 */
export function nameLive(template: PodTemplate, revisions: readonly Revision[], ledger: Ledger, ownCause = ''): Live {
  const revision = revisions.find(({ live }) => live);
  const label = labelOf(template);
  const recorded = recordedAs(templateDigest(template), revisions, ledger);
  if (recorded) return { release: recorded, label: recorded, template, revision, drift: [] };
  const claimed = revision ? labelledAs(revision) : ownCause;
  if (!claimed) return { release: '', label, template, revision, drift: [] };
  const objection = objectionTo(claimed, templateDigest(template), revisions, ledger);
  if (!objection) return { release: claimed, label: claimed, template, revision, drift: [] };
  const drift = [
    `what this run found live is labelled ${showRelease(claimed)} but ${objection}; it is ${formatImages(imagesOf(template))}`,
  ];
  return { release: '', label, template, revision, drift };
}

/** Of several releases on the same bits, the one that was attempted last. */
function recordedAs(digest: string, revisions: readonly Revision[], ledger: Ledger): string | undefined {
  const records = ledger.entries.flatMap(({ release }) => recordOf(release, revisions, ledger) ?? []);
  return records
    .filter(({ template }) => template === digest)
    .reduce<LedgerEntry | undefined>(
      (newest, entry) => (newest && newest.attemptedAt > entry.attemptedAt ? newest : entry),
      undefined,
    )?.release;
}

/** A name that may be given back as an input: the images, unless there are too many of them. */
function labelOf(template: PodTemplate): string {
  const images = formatImages(imagesOf(template));
  return releaseNameProblem(images) === undefined ? images : `unnamed-${templateDigest(template).slice(0, 12)}`;
}

function objectionTo(
  claimed: string,
  digest: string,
  revisions: readonly Revision[],
  ledger: Ledger,
): string | undefined {
  if (releaseNameProblem(claimed) !== undefined) return 'that is no name of a release';
  if (recordOf(claimed, revisions, ledger)) return 'is not what was recorded for it';
  const other = revisions.find((revision) => claims(revision, claimed) && revision.digest !== digest);
  return other && `revision ${other.number} is, too, with other bits`;
}
