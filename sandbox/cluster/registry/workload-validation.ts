import type { StatusCause } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Container, Deployment } from '../model/workload-objects.ts';
import { duplicate, required, wrong } from './field-problems.ts';
import { labelProblems } from './label-validation.ts';

/** What is wrong with a Deployment's spec, on its own and against the one before. */
export function* deploymentProblems({ spec }: Deployment, before: Deployment | undefined): Generator<StatusCause> {
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

/** What is wrong with a list of containers. */
export function* containerProblems(
  field: string,
  containers: readonly Container[] | undefined,
): Generator<StatusCause> {
  if (containers === undefined || containers.length === 0) {
    yield required(field);
    return;
  }
  const seen = new Set<string>();
  for (const [index, { name, image }] of containers.entries()) {
    const at = `${field}[${index}]`;
    if (!name) yield required(`${at}.name`);
    else if (seen.has(name)) yield duplicate(`${at}.name`, name);
    if (!image) yield required(`${at}.image`);
    else if (image !== image.trim()) yield wrong(`${at}.image`, image, 'must not have leading or trailing whitespace');
    seen.add(name);
  }
}
