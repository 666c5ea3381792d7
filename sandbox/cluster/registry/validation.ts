import { invalid, type StatusCause } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Container, Deployment, PodTemplate } from '../model/workload-objects.ts';

/** Checks an object as the API server does before it stores it; throws 422 with every problem found. */
export const validate = (resource: Resource, object: KubeObject, before: KubeObject | undefined): void => {
  const causes = [...metadataProblems(object), ...specProblems(resource, object, before)];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
};

const problem = (
  field: string,
  reason: 'Invalid' | 'Required' | 'TooLong' | 'Duplicate',
  text: string,
): StatusCause => ({
  reason: `FieldValue${reason}`,
  message: text,
  field,
});
const required = (field: string, text = ''): StatusCause =>
  problem(field, 'Required', `Required value${text && `: ${text}`}`);
const wrong = (field: string, value: unknown, text: string): StatusCause =>
  problem(field, 'Invalid', `Invalid value: ${JSON.stringify(value)}: ${text}`);

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

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
  if (bytes > 256 * 1024)
    yield problem('metadata.annotations', 'TooLong', 'Too long: may not be more than 262144 bytes');
}

function* labelProblems(field: string, labels: object): Generator<StatusCause> {
  for (const value of Object.values(labels)) {
    if (String(value).length > 63) yield wrong(field, value, 'must be no more than 63 characters');
    else if (!labelValue.test(String(value))) yield wrong(field, value, labelRule);
  }
}

function* specProblems(resource: Resource, object: KubeObject, before: KubeObject | undefined): Generator<StatusCause> {
  if (resource === resources.deployments)
    yield* deploymentProblems(object as Deployment, before as Deployment | undefined);
  if (resource === resources.pods)
    yield* containerProblems('spec.containers', (object as unknown as PodTemplate).spec?.containers);
  if (resource === resources.configMaps || resource === resources.secrets) {
    const { data = {} } = object as { data?: object };
    const bytes = Object.values(data).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0);
    if (bytes > 1024 * 1024) yield problem('[]', 'TooLong', 'Too long: may not be more than 1048576 bytes');
  }
}

function* deploymentProblems({ spec }: Deployment, before: Deployment | undefined): Generator<StatusCause> {
  if (spec === undefined) {
    yield required('spec');
    return;
  }
  const labels = spec.template?.metadata?.labels ?? null;
  if (spec.selector === undefined) yield required('spec.selector');
  if (!matchesSelector(spec.selector ?? {}, labels ?? {}))
    yield wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  if (before !== undefined && !isSameJson(before.spec.selector, spec.selector))
    yield wrong('spec.selector', spec.selector, 'field is immutable');
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const)
    if ((spec[field] ?? 0) < 0) yield wrong(`spec.${field}`, spec[field], 'must be greater than or equal to 0');
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
    yield wrong('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds');
  const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate ?? {};
  if (isZero(maxSurge) && isZero(maxUnavailable))
    yield wrong('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  yield* labelProblems('spec.template.labels', labels ?? {});
  yield* containerProblems('spec.template.spec.containers', spec.template?.spec?.containers);
}

const isZero = (value: number | string | undefined): boolean => value === 0 || value === '0%';

function* containerProblems(field: string, containers: readonly Container[] | undefined): Generator<StatusCause> {
  if (containers === undefined || containers.length === 0) {
    yield required(field);
    return;
  }
  const seen = new Set<string>();
  for (const [index, { name, image }] of containers.entries()) {
    const at = `${field}[${index}]`;
    if (!name) yield required(`${at}.name`);
    else if (seen.has(name)) yield problem(`${at}.name`, 'Duplicate', `Duplicate value: "${name}"`);
    if (!image) yield required(`${at}.image`);
    else if (image !== image.trim()) yield wrong(`${at}.image`, image, 'must not have leading or trailing whitespace');
    seen.add(name);
  }
}
