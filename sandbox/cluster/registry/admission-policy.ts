import { ApiError, badRequest } from '../model/api-error.ts';
import type { KubeObject, StringMap } from '../model/kubernetes-objects.ts';
import { groupResource, type Resource, resources } from '../model/resource.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';

interface Policy extends KubeObject {
  readonly spec: { readonly validations?: readonly { readonly expression: string; readonly message?: string }[] };
}

interface Binding extends KubeObject {
  readonly spec: {
    readonly policyName: string;
    readonly matchResources?: { readonly namespaceSelector?: { readonly matchLabels?: StringMap } };
  };
}

/**
 * Refuses a new pod by the ValidatingAdmissionPolicies that are bound for its namespace, worded as the API server does.
 * Of their language only one sentence is understood: that no container has a certain image.
 */
export const checkPolicies = (resource: Resource, object: KubeObject, store: ObjectStore): void => {
  const { name, namespace = '' } = object.metadata;
  for (const { metadata, spec } of store.list(resources.admissionBindings, '') as unknown as readonly Binding[]) {
    const { 'kubernetes.io/metadata.name': only = namespace } =
      spec.matchResources?.namespaceSelector?.matchLabels ?? {};
    const policy = store.get(resources.admissionPolicies, '', spec.policyName) as Policy | undefined;
    if (policy === undefined || only !== namespace) continue;
    const broken = policy.spec.validations?.find(({ expression }) => !holds(expression, object as Pod));
    if (broken === undefined) continue;
    const denied = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${metadata.name}' denied request`;
    const why = broken.message ?? `failed expression: ${broken.expression}`;
    throw new ApiError(422, 'Invalid', `${groupResource(resource)} "${name}" is forbidden: ${denied}: ${why}`);
  }
};

const holds = (expression: string, { spec }: Pod): boolean => {
  const [, image] = /^!object\.spec\.containers\.exists\(c, c\.image == '([^']+)'\)$/.exec(expression) ?? [];
  if (image === undefined) throw badRequest(`this cluster does not understand the expression ${expression}`);
  return !spec.containers.some((container) => container.image === image);
};
