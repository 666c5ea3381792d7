import { type Resource, resources } from '../model/resource.ts';
import type { Container, EnvSource, Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';

type Check = (resource: Resource, reference: EnvSource | undefined) => string | undefined;

/** What a container's environment names that is not there, in the kubelet's words; undefined when nothing is missing. */
export const missingConfig = (registry: Registry, pod: Pod, container: Container): string | undefined => {
  const check = checkIn(registry, pod.metadata.namespace ?? '');
  return [
    ...(container.envFrom ?? []).flatMap(({ configMapRef, secretRef }) => [
      check(resources.configMaps, configMapRef),
      check(resources.secrets, secretRef),
    ]),
    ...(container.env ?? []).flatMap(({ valueFrom }) => [
      check(resources.configMaps, valueFrom?.configMapKeyRef),
      check(resources.secrets, valueFrom?.secretKeyRef),
    ]),
  ].find((problem) => problem !== undefined);
};

/** Which volume of a pod cannot be mounted and why; while that is so its containers stay in ContainerCreating. */
export const missingVolume = (registry: Registry, pod: Pod): string | undefined => {
  const check = checkIn(registry, pod.metadata.namespace ?? '');
  return (pod.spec.volumes ?? [])
    .map(({ name, configMap, secret }) => {
      const { secretName = '', optional = false } = secret ?? {};
      const reference = secret === undefined ? undefined : { name: secretName, optional };
      const problem = check(resources.configMaps, configMap) ?? check(resources.secrets, reference);
      return problem === undefined ? undefined : `MountVolume.SetUp failed for volume "${name}" : ${problem}`;
    })
    .find((problem) => problem !== undefined);
};

const checkIn =
  (registry: Registry, namespace: string): Check =>
  (resource, reference) => {
    if (reference?.name === undefined || reference.optional) return undefined;
    const { name, key } = reference;
    const found = registry.find({ resource, namespace, name });
    if (found === undefined) return `${resource.singular} "${name}" not found`;
    const { data = {} } = found as { data?: Record<string, unknown> };
    return key === undefined || key in data
      ? undefined
      : `couldn't find key ${key} in ${resource.kind} ${namespace}/${name}`;
  };
