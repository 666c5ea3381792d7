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

/** The note of a loan, written before the fields are; what was borrowed before keeps the values that it had at first. */
export function lend(deployment: Deployment, before: Loan | undefined, fields: RolloutFields): Loan {
  const now = fieldsOf(deployment);
  const kept = FIELDS.filter((field) => before?.own[field] !== undefined && isOurs(field, now, before));
  const taken = FIELDS.filter((field) => fields[field] !== undefined && !kept.includes(field));
  return {
    own: { ...pick(now, taken), ...(before && pick(before.own, kept)) },
    lent: [...(before?.lent ?? []).filter((lent) => !isDeepStrictEqual(lent, fields)), fields],
  };
}

/** What is still to be given back: fields that hold what was lent, with the values that they had before. */
export function owed(deployment: Deployment, loan: Loan | undefined): RolloutFields {
  if (!loan) return {};
  const now = fieldsOf(deployment);
  return pick(
    loan.own,
    FIELDS.filter((field) => isOurs(field, now, loan) && loan.own[field] !== now[field]),
  );
}

/** The values that are the Deployment's own, whatever is lent to it now. */
export function ownFields(deployment: Deployment, loan: Loan | undefined): OwnFields {
  return { ...fieldsOf(deployment), ...owed(deployment, loan) };
}

export function isEmpty(fields: RolloutFields): boolean {
  return Object.keys(fields).length === 0;
}

/** Of these fields, those that would change the Deployment. */
export function changedFields(deployment: Deployment, fields: RolloutFields): RolloutFields {
  const now = fieldsOf(deployment);
  return pick(
    fields,
    FIELDS.filter((field) => fields[field] !== now[field]),
  );
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
