import { isSameJson } from '../model/json-equality.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';

/**
 * The generation after a write to the main resource: it grows with the spec and, for Deployments, with the
 * annotations as well, because they are copied to ReplicaSets (kubernetes pkg/registry/apps/deployment/strategy.go).
 * A pod's stays: being bound to a node is no change of what was asked for.
 */
export const nextGeneration = (resource: Resource, before: KubeObject, after: KubeObject): number | undefined => {
  const { generation } = before.metadata;
  if (generation === undefined || resource === resources.pods) return generation;
  const changed =
    !isSameJson(specOf(before), specOf(after)) ||
    (resource === resources.deployments &&
      !isSameJson(before.metadata.annotations ?? {}, after.metadata.annotations ?? {}));
  return changed ? generation + 1 : generation;
};

/** Whether objects of this resource carry a generation at all. */
export const hasGeneration = (resource: Resource): boolean => withGeneration.has(resource);

const withGeneration: ReadonlySet<Resource> = new Set([
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
  resources.daemonSets,
  resources.disruptionBudgets,
  resources.pods,
]);

export const specOf = (object: KubeObject): unknown => (object as { spec?: unknown }).spec;
export const statusOf = (object: KubeObject): unknown => (object as { status?: unknown }).status;
