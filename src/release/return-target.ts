import type { PodTemplate } from '../rollout/objects.ts';
import { sameBits, templateDigest } from '../rollout/template.ts';
import { findEntry, goodReleases } from './ledger.ts';
import { showRelease } from './release-text.ts';
import { resolveRelease } from './resolve.ts';
import type { WorkloadState } from './workload-state.ts';

/** Where an automatic rollback takes a workload. */
export type ReturnTarget =
  | {
      readonly kind: 'found';
      readonly release: string;
      readonly template: PodTemplate;
      readonly source: 'replica-set' | 'ledger-snapshot';
    }
  | { readonly kind: 'none'; readonly why: string };

/**
 * The last good release: what was live and complete when the run began (`before`), under the name it can be given; else
 * the one that was verified last; else what was live and served, though nobody had verified it yet. Never a blocked one
 * (by the ledger, or one of those that are `barred`), and never the bits that are being left.
 */
export function returnTarget(
  before: WorkloadState,
  leaving: { readonly release: string; readonly template: PodTemplate },
  barred: ReadonlySet<string> = new Set(),
): ReturnTarget {
  const { live, liveState, ledger, revisions, proven } = before;
  const name = live.release || live.label;
  const blocked = barred.has(name) || findEntry(ledger, name)?.blockedAt !== undefined;
  const standing: ReturnTarget = { kind: 'found', release: name, template: live.template, source: 'replica-set' };
  if (proven && !blocked) return standing;
  const left = templateDigest(leaving.template);
  const candidates = goodReleases(ledger).flatMap((release) => {
    const found = resolveRelease(release, revisions, ledger);
    return release !== leaving.release && !barred.has(release) && found.kind === 'found' ? [{ release, ...found }] : [];
  });
  const target = candidates.find(
    ({ template }) => templateDigest(template) !== left && (!blocked || !sameBits(template, live.template)),
  );
  if (target) return { kind: 'found', release: target.release, template: target.template, source: target.source };
  if (serves(before) && liveState !== 'failed' && name !== leaving.release && !blocked) return standing;
  const also = blocked ? `, and ${showRelease(name)}, which was live, is blocked` : '';
  return { kind: 'none', why: `no other release is known to be good here${also}` };
}

function serves({ live }: WorkloadState): boolean {
  return (live.revision?.replicaSet.status?.availableReplicas ?? 0) > 0;
}
