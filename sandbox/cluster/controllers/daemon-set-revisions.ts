import { resources } from '../model/resource.ts';
import type { ControllerRevision, DaemonSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import {
  createRevision,
  deleteRevisions,
  isOfTemplate,
  renumberRevision,
  revisionLabel,
  revisionsOf,
} from './controller-revisions.ts';

/** The revision of a DaemonSet's template, and those of the templates before. */
export interface DaemonHistory {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

/** `constructHistory`: finds, renumbers or creates the revision of the template; throws to be called again after a collision. */
export const constructHistory = (plane: ControlPlane, set: DaemonSet): DaemonHistory => {
  const all = revisionsOf(plane, set);
  const old = all.filter((revision) => !isOfTemplate(revision, set));
  const kept = all.findLast((revision) => isOfTemplate(revision, set));
  const next = Math.max(0, ...old.map(({ revision }) => revision)) + 1;
  if (kept === undefined) return { current: snapshot(plane, set, next), old };
  return { current: kept.revision < next ? renumberRevision(plane, kept, next) : kept, old };
};

const snapshot = (plane: ControlPlane, set: DaemonSet, revision: number): ControllerRevision => {
  const { collisionCount = 0 } = set.status;
  const created = createRevision(plane, set, { revision, collisionCount, hashLabel: revisionLabel });
  if (created !== undefined) return created;
  plane.registry.update(
    targetOf(resources.daemonSets, set),
    (current) => ({ ...current, status: { ...(current as DaemonSet).status, collisionCount: collisionCount + 1 } }),
    { ...controllerManager, subresource: 'status' },
  );
  throw new Error(`hash collision: a revision of ${set.metadata.name} exists with another template`);
};

/** `cleanupHistory`: the lowest of the old revisions that no pod is of go, beyond revisionHistoryLimit. */
export const cleanupHistory = (
  plane: ControlPlane,
  { spec }: DaemonSet,
  pods: readonly Pod[],
  { old }: DaemonHistory,
): void => {
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionLabel]));
  const idle = old.filter(({ metadata }) => !live.has(metadata.labels?.[revisionLabel]));
  deleteRevisions(plane, idle.slice(0, Math.max(0, old.length - spec.revisionHistoryLimit)));
};

/** The hash by which the pods of a DaemonSet's revision are known. */
export const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[revisionLabel] ?? '';
