import type { Revision } from '../rollout/history.ts';
import { lastWriter } from '../rollout/last-writer.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { formatImages, imagesOf, restarted, sameBits, sameTemplate, stamped } from '../rollout/template.ts';
import { applyImages, type ImageLine, type ImageTarget } from './images.ts';
import { findEntry } from './ledger.ts';
import type { Mode } from './mode.ts';
import { listReleases, showRelease } from './release-text.ts';
import { type Resolution, resolveRelease } from './resolve.ts';
import type { WorkloadState } from './workload-state.ts';

/** What has to be done to one workload. */
export type Change =
  | {
      readonly kind: 'write';
      readonly template: PodTemplate;
      readonly source: 'images' | 'replica-set' | 'ledger-snapshot' | 'live';
      /** Whether the same write ends a pause. */
      readonly resume: boolean;
      readonly drift: readonly string[];
      readonly warnings: readonly string[];
    }
  /** The template is right as it is; `watch` where its rollout has not ended yet. */
  | {
      readonly kind: 'keep';
      readonly watch: boolean;
      readonly drift: readonly string[];
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly reasonCode:
        | 'invalid-input'
        | 'release-unknown'
        | 'release-ambiguous'
        | 'mode-refused'
        | 'preflight-refused';
      readonly message: string;
    };

export interface Wanted {
  readonly mode: Mode;
  readonly release: string;
  readonly images: readonly ImageLine[];
  /** ISO 8601, UTC: the time that a restart is marked with. */
  readonly at: string;
}

/** Works out the change that brings a release onto a workload in the given mode. */
export function changeFor(state: WorkloadState, wanted: Wanted): Change {
  const { mode, release, images } = wanted;
  if (state.deployment.metadata.deletionTimestamp)
    return refused('preflight-refused', 'is being deleted; wait until it is gone, and create it again');
  if (state.deployment.spec.paused && mode !== 'rollback')
    return refused('preflight-refused', 'is paused; resume it (kubectl rollout resume), or roll back by name');
  if (mode === 'redeploy') return restart(state, wanted);
  if (mode === 'deploy' && images.length > 0) return deployImages(state, wanted);
  const resolution = resolveRelease(release, state.revisions, state.ledger);
  if (resolution.kind !== 'found') return unresolved(state, release, resolution);
  const { template, source, drift } = resolution;
  const warnings = mode === 'rollback' ? ignoredImages(state, wanted, template) : [];
  if (sameBits(template, state.live.template) && !state.deployment.spec.paused) return keep(state, drift, warnings);
  return { kind: 'write', template, source, resume: state.deployment.spec.paused === true, drift, warnings };
}

function deployImages(state: WorkloadState, { release, images }: Wanted): Change {
  const { live } = state;
  const applied = applyImages(targetOf(state, live.template), images);
  if (applied.kind === 'problems') return refused('invalid-input', applied.problems.join('; '));
  const entry = findEntry(state.ledger, release);
  const before = entry && formatImages(entry.images);
  const now = formatImages(imagesOf(applied.template));
  const warnings =
    before !== undefined && before !== now
      ? [`${release} was recorded with ${before}; from now on it means ${now}`]
      : [];
  if (sameBits(applied.template, live.template)) return keep(state, live.drift, warnings);
  return {
    kind: 'write',
    template: stamped(applied.template, release),
    source: 'images',
    resume: false,
    drift: live.drift,
    warnings,
  };
}

function restart(state: WorkloadState, wanted: Wanted): Change {
  const { template, release } = state.live;
  const applied = applyImages(targetOf(state, template), wanted.images);
  if (wanted.images.length > 0 && applied.kind === 'problems')
    return refused('invalid-input', applied.problems.join('; '));
  if (applied.kind === 'template' && !sameTemplate(applied.template, template))
    return refused(
      'mode-refused',
      `release ${showRelease(release)} is live with ${formatImages(imagesOf(template))}, but images say otherwise; ` +
        'give the new images a release name of their own, or set mode to deploy to replace its record',
    );
  return {
    kind: 'write',
    template: restarted(template, wanted.at),
    source: 'live',
    resume: false,
    drift: state.live.drift,
    warnings: [],
  };
}

function keep(state: WorkloadState, drift: readonly string[], warnings: readonly string[]): Change {
  return { kind: 'keep', watch: state.liveState !== 'complete', drift, warnings };
}

function ignoredImages(state: WorkloadState, { images }: Wanted, template: PodTemplate): readonly string[] {
  const applied = applyImages(targetOf(state, template), images);
  if (images.length === 0 || (applied.kind === 'template' && sameTemplate(applied.template, template))) return [];
  return [`the input images is ignored: a rollback restores what was recorded (${formatImages(imagesOf(template))})`];
}

function targetOf({ deployment }: WorkloadState, template: PodTemplate): ImageTarget {
  return { name: deployment.metadata.name, template };
}

function unresolved(state: WorkloadState, release: string, resolution: Exclude<Resolution, { kind: 'found' }>): Change {
  const name = showRelease(release);
  if (resolution.kind === 'ambiguous') {
    const list = resolution.candidates.map((candidate) => candidateText(state, candidate)).join('; ');
    return refused(
      'release-ambiguous',
      `release ${name} stands for several different templates here and none is recorded: ${list}; ` +
        'deploy the right images under a new release name',
    );
  }
  const others = state.known.filter((known) => known !== release);
  const remarks = resolution.drift.map((sentence) => `; ${sentence}`).join('');
  return refused(
    'release-unknown',
    `release ${name} is not known here (known: ${listReleases(others)}); pass images to deploy it, ` +
      `or raise revisionHistoryLimit${remarks}`,
  );
}

function candidateText(state: WorkloadState, { number, images, createdAt, live }: Revision): string {
  const writer = live ? lastWriter(state.deployment) : undefined;
  const changed = writer ? `, live, changed by ${writer}` : live ? ', live' : '';
  return `revision ${number} (${formatImages(images)}, created ${createdAt}${changed})`;
}

function refused(reasonCode: Extract<Change, { kind: 'refused' }>['reasonCode'], message: string): Change {
  return { kind: 'refused', reasonCode, message };
}
