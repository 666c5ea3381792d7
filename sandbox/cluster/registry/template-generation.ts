import { isSameJson } from '../model/json-equality.ts';
import { isJsonObject, type KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import { specOf } from './generation.ts';

/** Counts the templates a DaemonSet has had; apps/v1 still shows it, as an annotation. */
export const templateGenerationKey = 'deprecated.daemonset.template.generation';

/** A DaemonSet with the template generation that is its own to count, whatever a client wrote (registry/apps/daemonset/strategy.go). */
export const withTemplateGeneration = (
  resource: Resource,
  object: KubeObject,
  before: KubeObject | undefined,
): KubeObject => {
  if (resource !== resources.daemonSets) return object;
  const { annotations } = object.metadata;
  const former = Number((before ?? object).metadata.annotations?.[templateGenerationKey] ?? 0);
  const changed = before !== undefined && !isSameJson(templateOf(before), templateOf(object));
  const value = String(Math.max(former + (changed ? 1 : 0), 1));
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [templateGenerationKey]: value } },
  };
};

const templateOf = (object: KubeObject): unknown => {
  const spec = specOf(object);
  return isJsonObject(spec) ? spec['template'] : undefined;
};
