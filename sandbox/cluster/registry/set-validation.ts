import type { StatusCause } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { LabelSelector } from '../model/kubernetes-objects.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../model/set-objects.ts';
import { notAllowed, required, wrong } from './field-problems.ts';
import { labelProblems } from './label-validation.ts';
import { containerProblems } from './workload-validation.ts';

/** What of a StatefulSet may change: everything else of its spec is refused. */
const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;
const immutable = `updates to statefulset spec for fields other than ${changeable
  .map((field) => `'${field}'`)
  .join(', ')
  .replace(/, ('minReadySeconds')$/, ' and $1')} are forbidden`;

/** What is wrong with a StatefulSet's spec, on its own and against the one before. */
export function* statefulSetProblems(
  { spec }: StatefulSet,
  before: StatefulSet | undefined,
): Generator<StatusCause, void> {
  if (spec === undefined) {
    yield required('spec');
    return;
  }
  const { podManagementPolicy: policy, updateStrategy, minReadySeconds = 0 } = spec;
  if (!['OrderedReady', 'Parallel'].includes(policy))
    yield wrong('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'");
  const { type, rollingUpdate } = updateStrategy;
  const limits = rollingUpdate === undefined ? null : { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: null };
  // These two values are told by the names of their fields in Go.
  if (!['RollingUpdate', 'OnDelete'].includes(type))
    yield wrong('spec.updateStrategy', { Type: type, RollingUpdate: limits }, "must be 'RollingUpdate' or 'OnDelete'");
  if (type === 'OnDelete' && limits !== null)
    yield wrong('spec.updateStrategy.rollingUpdate', limits, "only allowed for updateStrategy 'RollingUpdate'");
  yield* negative('spec.updateStrategy.rollingUpdate.partition', rollingUpdate?.partition);
  yield* negative('spec.replicas', spec.replicas);
  yield* negative('spec.minReadySeconds', minReadySeconds);
  yield* negative('spec.ordinals.start', spec.ordinals?.start);
  if (spec.selector === undefined) yield required('spec.selector');
  yield* templateProblems(spec, 'statefulset');
  if (before !== undefined && !isSameJson(fixedPart(spec), fixedPart(before.spec))) yield notAllowed('spec', immutable);
}

const fixedPart = (spec: StatefulSet['spec']): object =>
  Object.fromEntries(Object.entries(spec).filter(([field]) => !(changeable as readonly string[]).includes(field)));

/** What is wrong with a DaemonSet's spec, on its own and against the one before. */
export function* daemonSetProblems({ spec }: DaemonSet, before: DaemonSet | undefined): Generator<StatusCause, void> {
  if (spec === undefined) {
    yield required('spec');
    return;
  }
  if (before !== undefined && !isSameJson(before.spec.selector, spec.selector))
    yield wrong('spec.selector', spec.selector, 'field is immutable');
  yield* templateProblems(spec, 'daemonset');
  yield* negative('spec.minReadySeconds', spec.minReadySeconds);
  yield* negative('spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  const { type, rollingUpdate = {} } = spec.updateStrategy;
  if (type !== 'RollingUpdate') return;
  const [surges, stops] = [!isZero(rollingUpdate.maxSurge), !isZero(rollingUpdate.maxUnavailable)];
  const field = 'spec.updateStrategy.rollingUpdate';
  if (surges && stops)
    yield wrong(`${field}.maxSurge`, rollingUpdate.maxSurge, 'may not be set when maxUnavailable is non-zero');
  if (!surges && !stops) yield required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
}

/** What is wrong with a ControllerRevision: it says what it says for ever; only its number may move. */
export function* controllerRevisionProblems(
  { data, revision }: ControllerRevision,
  before: ControllerRevision | undefined,
): Generator<StatusCause, void> {
  yield* negative('revision', revision);
  if (data === undefined) yield required('data', 'data is mandatory');
  else if (before !== undefined && !isSameJson(data, before.data)) yield wrong('data', data, 'field is immutable');
}

function* templateProblems(
  { selector, template }: Pick<StatefulSet['spec'] | DaemonSet['spec'], 'selector' | 'template'>,
  kind: string,
): Generator<StatusCause, void> {
  const labels = template?.metadata?.labels ?? {};
  if (selector !== undefined && isEmpty(selector))
    yield wrong('spec.selector', selector, `empty selector is invalid for ${kind}`);
  else if (!matchesSelector(selector ?? {}, labels))
    yield wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  yield* labelProblems('spec.template.labels', labels);
  yield* containerProblems('spec.template.spec.containers', template?.spec?.containers);
}

const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0;

const isZero = (value: number | string | undefined): boolean => value === undefined || value === 0 || value === '0%';

function* negative(field: string, value: number | undefined): Generator<StatusCause, void> {
  if ((value ?? 0) < 0) yield wrong(field, value, 'must be greater than or equal to 0');
}
