import { isSameJson } from '../model/json-equality.ts';
import type { StringMap } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../model/set-objects.ts';
import type { PodTemplate } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { controllerReference, ownedBy } from './ownership.ts';

/** By its value a pod is told to be of a revision: a StatefulSet's revision's name, a DaemonSet's revision's hash. */
export const revisionLabel = 'controller-revision-hash';

/** `getPatch`: what a revision keeps of its set, as the patch that brings the template back. */
export const revisionData = ({ spec }: StatefulSet | DaemonSet): ControllerRevision['data'] => ({
  spec: { template: { ...spec.template, $patch: 'replace' } },
});

/** The template that a revision keeps. */
export const templateOf = ({ data }: ControllerRevision): PodTemplate => {
  const { $patch: _, ...template } = data.spec.template;
  return template;
};

/** The revisions of a set from the lowest number to the highest, among equals by age, then by name. */
export const revisionsOf = (plane: ControlPlane, set: StatefulSet | DaemonSet): readonly ControllerRevision[] =>
  ownedBy<ControllerRevision>(plane, resources.controllerRevisions, set).toSorted(
    (a, b) =>
      a.revision - b.revision ||
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );

/** Whether a revision keeps the template that its set has now. */
export const isOfTemplate = (revision: ControllerRevision, set: StatefulSet | DaemonSet): boolean =>
  isSameJson(revision.data, revisionData(set));

/**
 * Writes down a set's template under `<set>-<hash>`, with all of the set's annotations: the only time that they reach it.
 * Answers undefined where another template has taken that name, which a higher collision count gets round.
 */
export const createRevision = (
  plane: ControlPlane,
  set: StatefulSet | DaemonSet,
  { revision, collisionCount, hashLabel }: { revision: number; collisionCount: number; hashLabel: string },
): ControllerRevision | undefined => {
  const { namespace = '', name, annotations } = set.metadata;
  const hash = plane.templateHash(set.spec.template, collisionCount);
  const target = { resource: resources.controllerRevisions, namespace, name: `${name}-${hash}` };
  const taken = plane.registry.find(target) as ControllerRevision | undefined;
  if (taken !== undefined) return isOfTemplate(taken, set) ? taken : undefined;
  const labels: StringMap = { ...set.spec.template.metadata?.labels, [hashLabel]: hash };
  const metadata = {
    name: target.name,
    labels,
    ...(annotations === undefined ? {} : { annotations }),
    ownerReferences: [controllerReference(set)],
  };
  const draft = { metadata, data: revisionData(set), revision };
  return plane.registry.create(target.resource, namespace, draft, controllerManager) as ControllerRevision;
};

/** Gives a revision that is taken up again the next number; its annotations stay those of its first use. */
export const renumberRevision = (plane: ControlPlane, kept: ControllerRevision, revision: number): ControllerRevision =>
  plane.registry.update(
    targetOf(resources.controllerRevisions, kept),
    (current) => ({ ...current, revision }),
    controllerManager,
  ) as ControllerRevision;

/** Deletes the lowest of the revisions that nothing uses, beyond the set's history limit. */
export const deleteRevisions = (plane: ControlPlane, surplus: readonly ControllerRevision[]): void => {
  for (const revision of surplus) plane.remove(targetOf(resources.controllerRevisions, revision));
};
