import { type Resource, resources } from '../model/resource.ts';
import type { Container, EnvSource, Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';

/** What a container's environment names that is not there, in the kubelet's words; undefined when nothing is missing. */
export const missingConfig = (registry: Registry, pod: Pod, container: Container): string | undefined => {
  const { namespace = '' } = pod.metadata;
  const check = (resource: Resource, reference: EnvSource | undefined): string | undefined => {
    if (reference?.name === undefined || reference.optional) return undefined;
    const { name, key } = reference;
    const found = registry.find({ resource, namespace, name });
    if (found === undefined) return `${resource.singular} "${name}" not found`;
    const { data = {} } = found as { data?: Record<string, unknown> };
    return key === undefined || key in data
      ? undefined
      : `couldn't find key ${key} in ${resource.kind} ${namespace}/${name}`;
  };
  const { configMaps, secrets } = resources;
  return [
    ...(container.envFrom ?? []).flatMap((source) => [
      check(configMaps, source.configMapRef),
      check(secrets, source.secretRef),
    ]),
    ...(container.env ?? []).flatMap(({ valueFrom }) => [
      check(configMaps, valueFrom?.configMapKeyRef),
      check(secrets, valueFrom?.secretKeyRef),
    ]),
  ].find((problem) => problem !== undefined);
};
