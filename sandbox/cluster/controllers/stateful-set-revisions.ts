import type { ControllerRevision, StatefulSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import {
  createRevision,
  deleteRevisions,
  isOfTemplate,
  renumberRevision,
  revisionLabel,
  revisionsOf,
} from './controller-revisions.ts';

/** The revision a StatefulSet comes from and the one it is on its way to; the same when it has arrived. */
export interface LiveRevisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/** `getStatefulSetRevisions`: finds the revision of the template, renumbers or creates it; the first one is current as well. */
export const liveRevisions = (plane: ControlPlane, set: StatefulSet): LiveRevisions => {
  const history = revisionsOf(plane, set);
  const { currentRevision, collisionCount = 0 } = set.status;
  const { update, collisions } = updateRevision(plane, set, history, collisionCount);
  const current = history.find(({ metadata }) => metadata.name === currentRevision) ?? update;
  return { current, update, collisionCount: collisions };
};

const updateRevision = (
  plane: ControlPlane,
  set: StatefulSet,
  history: readonly ControllerRevision[],
  collisionCount: number,
) => {
  const last = history.at(-1);
  const equal = history.findLast((revision) => isOfTemplate(revision, set));
  const next = (last?.revision ?? 0) + 1;
  if (equal !== undefined)
    return { update: equal === last ? equal : renumberRevision(plane, equal, next), collisions: collisionCount };
  for (let collisions = collisionCount; ; collisions += 1) {
    const draft = { revision: next, collisionCount: collisions, hashLabel: 'controller.kubernetes.io/hash' };
    const update = createRevision(plane, set, draft);
    if (update !== undefined) return { update, collisions };
  }
};

/** `truncateHistory`: what no pod is of and the status does not name goes, lowest first, beyond revisionHistoryLimit. */
export const truncateHistory = (
  plane: ControlPlane,
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update }: LiveRevisions,
): void => {
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionNameOf)]);
  const history = revisionsOf(plane, set).filter(({ metadata }) => !live.has(metadata.name));
  const { revisionHistoryLimit: limit } = set.spec;
  if (limit >= 0) deleteRevisions(plane, history.slice(0, Math.max(0, history.length - limit)));
};

/** The name of the revision a pod is of. */
export const revisionNameOf = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? '';
