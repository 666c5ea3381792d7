import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from './objects.ts';
import { partitionOf } from './partition.ts';

/** Fields of a Deployment that decide how its pods are replaced. An absent one is meant to stay as it is. */
export interface RolloutFields {
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly paused?: boolean;
  /** Of a StatefulSet, which has no other one of these that is lent. */
  readonly partition?: number;
}

/** All of them, as a workload has them. */
export type OwnFields = Required<Omit<RolloutFields, 'partition'>> & Pick<RolloutFields, 'partition'>;

/** What must be given back to a Deployment, whoever finds this note. */
export interface Loan {
  /** Of the Deployment that it was lent to: one that was made anew owes nothing. */
  readonly uid?: string;
  /** The Deployment's own values. */
  readonly own: RolloutFields;
  /** Every set of values that was put there since; anything else is somebody else's change, and stays. */
  readonly lent: readonly RolloutFields[];
}

type Field = keyof RolloutFields;

const FIELDS: readonly Field[] = [
  'maxSurge',
  'maxUnavailable',
  'minReadySeconds',
  'progressDeadlineSeconds',
  'paused',
  'partition',
];

/** The largest value that leaves room for a deadline behind it (kubernetes/kubernetes, apps/validation). */
export const NEVER_AVAILABLE_SECONDS = 2_147_483_646;
/** No deadline (kubernetes/kubernetes, deployment_util.go, HasProgressDeadline). */
export const NO_DEADLINE_SECONDS = 2_147_483_647;

/** The note of a loan, written before the fields are; what was borrowed before keeps the values that it had at first. */
export function lend(deployment: Deployment, known: Loan | undefined, fields: RolloutFields): Loan {
  const before = isOf(deployment, known) ? known : undefined;
  const now = fieldsOf(deployment);
  const kept = FIELDS.filter((field) => before?.own[field] !== undefined && isOurs(field, now, before));
  const taken = FIELDS.filter((field) => fields[field] !== undefined && !kept.includes(field));
  return {
    uid: deployment.metadata.uid,
    own: { ...pick({ ...now, ...unclaimed(deployment, before) }, taken), ...(before && pick(before.own, kept)) },
    lent: [...(before?.lent ?? []).filter((lent) => !isDeepStrictEqual(lent, fields)), fields],
  };
}

/** What is still to be given back: fields that hold what was lent, with the values that they had before. */
export function owed(deployment: Deployment, loan: Loan | undefined): RolloutFields {
  return { ...unclaimed(deployment, loan), ...borrowed(deployment, loan) };
}

/** Of that, what a note speaks of. */
export function borrowed(deployment: Deployment, loan: Loan | undefined): RolloutFields {
  const now = fieldsOf(deployment);
  if (!isOf(deployment, loan)) return {};
  return pick(
    loan.own,
    FIELDS.filter((field) => isOurs(field, now, loan) && loan.own[field] !== now[field]),
  );
}

/** Whether a note is of this Deployment, and not of one that had its name before. */
export function isOf({ metadata }: Deployment, loan: Loan | undefined): loan is Loan {
  return loan !== undefined && (loan.uid === undefined || loan.uid === metadata.uid);
}

/** What holds a canary although no note says whose it is: Kubernetes' defaults for what nobody would set by himself. */
export function unclaimed(deployment: Deployment, loan: Loan | undefined): RolloutFields {
  const now = fieldsOf(deployment);
  const isNoted = isOf(deployment, loan) && loan.own.minReadySeconds !== undefined;
  const isClaimed = isNoted && isOurs('minReadySeconds', now, loan);
  if (now.minReadySeconds !== NEVER_AVAILABLE_SECONDS || isClaimed) return {};
  const endless = now.progressDeadlineSeconds === NO_DEADLINE_SECONDS;
  return { minReadySeconds: 0, ...(endless && { progressDeadlineSeconds: 600 }) };
}

/** The values that are the Deployment's own, whatever is lent to it now. */
export function ownFields(deployment: Deployment, loan: Loan | undefined): OwnFields {
  return { ...fieldsOf(deployment), ...owed(deployment, loan) };
}

/** Whether both are one note. */
export function sameNote<T extends object>(a: T | undefined, b: T | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

export function isEmpty(fields: RolloutFields): boolean {
  return Object.keys(fields).length === 0;
}

/**
 * Of these fields, those that would change the Deployment; what somebody else set beside them must not make them invalid
 * (kubernetes/kubernetes, apps/validation: a deadline lies behind minReadySeconds, and one of the two limits is not 0).
 */
export function changedFields(deployment: Deployment, fields: RolloutFields): RolloutFields {
  const now = fieldsOf(deployment);
  const then = { ...now, ...fields };
  const early = then.progressDeadlineSeconds <= then.minReadySeconds;
  const stuck = isNone(then.maxSurge) && isNone(then.maxUnavailable);
  const valid: RolloutFields = {
    ...fields,
    ...(early && { progressDeadlineSeconds: then.minReadySeconds + then.progressDeadlineSeconds }),
    ...(stuck && { maxSurge: 1 }),
  };
  return pick(
    valid,
    FIELDS.filter((field) => valid[field] !== now[field]),
  );
}

/** `0` or `0%`. */
export function isNone(value: number | string): boolean {
  return value === 0 || value === '0%';
}

/** The Deployment's values, with Kubernetes' defaults where it has none (kubernetes/kubernetes, apps/v1/defaults.go). */
export function fieldsOf({ spec }: Deployment): OwnFields {
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const { minReadySeconds = 0, progressDeadlineSeconds = 600, paused = false } = spec;
  const partition = spec.updateStrategy && { partition: partitionOf(spec) };
  return { maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds, paused, ...partition };
}

function isOurs(field: Field, now: RolloutFields, loan: Loan): boolean {
  return loan.lent.some((lent) => lent[field] !== undefined && lent[field] === now[field]);
}

function pick(fields: RolloutFields, names: readonly Field[]): RolloutFields {
  return Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));
}
