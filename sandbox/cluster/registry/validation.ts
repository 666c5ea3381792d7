import { invalid, type StatusCause } from '../model/api-error.ts';
import type { DisruptionBudget } from '../model/disruption-budget.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../model/set-objects.ts';
import type { Deployment, PodTemplate } from '../model/workload-objects.ts';
import { required, tooLong, wrong } from './field-problems.ts';
import { labelProblems } from './label-validation.ts';
import { controllerRevisionProblems, daemonSetProblems, statefulSetProblems } from './set-validation.ts';
import { containerProblems, deploymentProblems } from './workload-validation.ts';

/** Checks an object as the API server does before it stores it; throws 422 with every problem found. */
export const validate = (resource: Resource, object: KubeObject, before: KubeObject | undefined): void => {
  const causes = [...metadataProblems(object), ...specProblems(resource, object, before)];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
};

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
function* metadataProblems({ metadata }: KubeObject): Generator<StatusCause> {
  const { name, labels = {}, annotations = {} } = metadata;
  if (name === '') yield required('metadata.name', 'name or generateName is required');
  else if (name.length > 253) yield wrong('metadata.name', name, 'must be no more than 253 characters');
  else if (!subdomain.test(name)) yield wrong('metadata.name', name, subdomainRule);
  yield* labelProblems('metadata.labels', labels);
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + key.length + Buffer.byteLength(value),
    0,
  );
  if (bytes > 256 * 1024) yield tooLong('metadata.annotations', 256 * 1024);
}

function* specProblems(resource: Resource, object: KubeObject, before: KubeObject | undefined): Generator<StatusCause> {
  if (resource === resources.deployments)
    yield* deploymentProblems(object as Deployment, before as Deployment | undefined);
  if (resource === resources.statefulSets)
    yield* statefulSetProblems(object as StatefulSet, before as StatefulSet | undefined);
  if (resource === resources.daemonSets) yield* daemonSetProblems(object as DaemonSet, before as DaemonSet | undefined);
  if (resource === resources.controllerRevisions)
    yield* controllerRevisionProblems(object as ControllerRevision, before as ControllerRevision | undefined);
  if (resource === resources.disruptionBudgets) {
    const { minAvailable, maxUnavailable, selector } = (object as DisruptionBudget).spec ?? {};
    const told = { MinAvailable: minAvailable, Selector: selector, MaxUnavailable: maxUnavailable };
    if (minAvailable !== undefined && maxUnavailable !== undefined)
      yield wrong(
        'spec',
        { ...told, UnhealthyPodEvictionPolicy: null },
        'minAvailable and maxUnavailable cannot be both set',
      );
  }
  if (resource === resources.pods)
    yield* containerProblems('spec.containers', (object as unknown as PodTemplate).spec?.containers);
  if (resource === resources.configMaps || resource === resources.secrets) {
    const { data = {} } = object as { data?: object };
    const bytes = Object.values(data).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0);
    if (bytes > 1024 * 1024) yield tooLong('[]', 1024 * 1024);
  }
}
