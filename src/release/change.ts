import type { Revision } from '../rollout/history.ts';
import { lastWriter } from '../rollout/last-writer.ts';
import { owed } from '../rollout/loan.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { isOwnPause } from '../rollout/own-pause.ts';
import { formatImages, imagesOf, restarted, sameBits, sameTemplate, stamped } from '../rollout/template.ts';
import { applyImages, type ImageLine, type ImageTarget } from './images.ts';
import { findEntry, spoiltReleases, verdictOf } from './ledger.ts';
import { lostCanary } from './lost-canary.ts';
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

type Found = Extract<Resolution, { kind: 'found' }>;

export interface Wanted {
  readonly mode: Mode;
  readonly release: string;
  readonly images: readonly ImageLine[];
  /** Whether images may give a known release other bits: only when a deploy is demanded. */
  readonly redefine: boolean;
  /** ISO 8601, UTC: the time that a restart is marked with. */
  readonly at: string;
}

const PAUSED = 'is paused; resume it (kubectl rollout resume), or roll back by name';

/** Works out the change that brings a release onto a workload in the given mode. */
export function changeFor(state: WorkloadState, wanted: Wanted): Change {
  const { mode, release, images } = wanted;
  if (state.deployment.metadata.deletionTimestamp)
    return refused('preflight-refused', 'is being deleted; wait until it is gone, and create it again');
  if (state.deployment.spec.updateStrategy?.type === 'OnDelete')
    return refused(
      'preflight-refused',
      'has the update strategy OnDelete, so that no pod is replaced before somebody deletes it; ' +
        'set spec.updateStrategy.type to RollingUpdate',
    );
  if (isStopped(state) && mode !== 'rollback' && !isOwnPause(state.deployment) && !isLentPause(state))
    return refused('preflight-refused', lostCanary(state) ?? PAUSED);
  if (mode === 'redeploy') return restart(state, wanted);
  const resolution = resolveRelease(release, state.revisions, state.ledger);
  if (mode === 'deploy' && images.length > 0) return deployImages(state, wanted, resolution);
  if (resolution.kind !== 'found') return unresolved(state, release, resolution);
  const warnings = mode === 'rollback' ? rollbackWarnings(state, wanted, resolution.template) : [];
  return restore(state, resolution, warnings);
}

/** Nothing to write: a workload of a moving train that has the release already is not restarted. */
export function leaveAlone(state: WorkloadState): Change {
  return keep(state, state.live.drift, []);
}

function restore(state: WorkloadState, { template, source, drift }: Found, warnings: readonly string[]): Change {
  if (sameBits(template, state.live.template) && !isStopped(state)) return keep(state, drift, warnings);
  return { kind: 'write', template, source, resume: isPaused(state), drift, warnings };
}

function isPaused({ deployment }: WorkloadState): boolean {
  return deployment.spec.paused === true;
}

/** Whether the pause is what a canary left whose template somebody changed: whatever is written ends it. */
function isLentPause({ deployment, ledger }: WorkloadState): boolean {
  return owed(deployment, ledger.loan).paused === false;
}

/** Whether it is paused half way, and not to hold a canary. */
function isStopped(state: WorkloadState): boolean {
  return isPaused(state) && state.canary === undefined;
}

/**
 * A release that was never here starts from the live template; one that was keeps its whole template, not its images
 * alone, and does not silently come to mean something else.
 */
function deployImages(state: WorkloadState, { release, images, redefine }: Wanted, resolution: Resolution): Change {
  const { live } = state;
  const applied = applyImages(targetOf(state, live.template), images);
  if (applied.kind === 'problems') return refused('invalid-input', applied.problems.join('; '));
  if (resolution.kind === 'found' && !saysOtherwise(state, images, resolution.template))
    return restore(state, resolution, []);
  if (resolution.kind === 'ambiguous' && !redefine) return unresolved(state, release, resolution);
  const before = resolution.kind === 'found' ? formatImages(imagesOf(resolution.template)) : '';
  if (before !== '' && !redefine) return refused('mode-refused', contradiction(release, `known here with ${before}`));
  const now = formatImages(imagesOf(applied.template));
  const redefined = `${showRelease(release)} is known with ${before}; with mode deploy it comes to mean ${now}`;
  const warnings = before === '' ? [] : [redefined];
  const same = sameBits(applied.template, live.template);
  if (same && !isStopped(state)) return keep(state, live.drift, warnings);
  const template = same ? live.template : stamped(applied.template, release);
  return { kind: 'write', template, source: 'images', resume: isPaused(state), drift: live.drift, warnings };
}

function restart(state: WorkloadState, { images, at }: Wanted): Change {
  const { template, release, drift } = state.live;
  const applied = applyImages(targetOf(state, template), images);
  if (images.length > 0 && applied.kind === 'problems') return refused('invalid-input', applied.problems.join('; '));
  if (saysOtherwise(state, images, template))
    return refused('mode-refused', contradiction(release, `live with ${formatImages(imagesOf(template))}`));
  const anew = restarted(template, at);
  return { kind: 'write', template: anew, source: 'live', resume: isPaused(state), drift, warnings: [] };
}

function contradiction(release: string, known: string): string {
  return (
    `release ${showRelease(release)} is ${known}, but images say otherwise; ` +
    'give the new images a release name of their own, or set mode to deploy to replace its record'
  );
}

function keep(state: WorkloadState, drift: readonly string[], warnings: readonly string[]): Change {
  return { kind: 'keep', watch: state.liveState !== 'complete', drift, warnings };
}

function rollbackWarnings(state: WorkloadState, { release, images }: Wanted, template: PodTemplate): readonly string[] {
  const entry = findEntry(state.ledger, release);
  const verdict = entry && verdictOf(entry);
  return [
    ...(verdict === 'failed' || verdict === 'rolled-back'
      ? [`${showRelease(release)} ${verdict === 'failed' ? 'failed here' : 'was left for an earlier release'} before`]
      : []),
    ...(saysOtherwise(state, images, template)
      ? [`the input images is ignored: a rollback restores what was recorded (${formatImages(imagesOf(template))})`]
      : []),
  ];
}

function saysOtherwise(state: WorkloadState, images: readonly ImageLine[], template: PodTemplate): boolean {
  const applied = applyImages(targetOf(state, template), images);
  return images.length > 0 && !(applied.kind === 'template' && sameTemplate(applied.template, template));
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
    `release ${name} is not known here (known: ${listReleases(others, spoiltReleases(state.ledger))}); pass images to deploy it, ` +
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
