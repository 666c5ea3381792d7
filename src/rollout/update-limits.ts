import { isNone, type OwnFields, type RolloutFields } from './loan.ts';
import type { Deployment } from './objects.ts';

/** How pods are to be replaced, in the words of the Compose specification's `update_config`. */
export interface UpdateLimits {
  /** Pods at a time; 0 for all at once. */
  readonly parallelism?: number;
  readonly delayMs?: number;
  readonly order?: 'start-first' | 'stop-first';
}

/** What the limits come to on a Deployment. */
export interface LimitFields {
  readonly fields: RolloutFields;
  /** What was asked and is not done; a sentence each. */
  readonly unmet: readonly string[];
  /** How Kubernetes does what was asked where that is not what the words say; a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * The fields that do what Compose's keys ask for, as far as a Deployment's `own` ones do not: start-first is maxSurge,
 * stop-first maxUnavailable, a delay minReadySeconds. An order that is left out is Compose's stop-first, unless the
 * Deployment lets no pod be missing.
 */
export function limitFields({ spec }: Deployment, own: OwnFields, asked: UpdateLimits): LimitFields {
  const { parallelism, delayMs, order } = asked;
  if (spec.strategy?.type === 'Recreate') return { ...NOTHING, unmet: unmet(asked, RECREATE) };
  if (spec.updateStrategy) return { ...NOTHING, unmet: unmet(asked, OTHER_KIND) };
  const size = parallelism === undefined && order === undefined ? NOTHING : sizeFields(own, asked);
  const delay = delayMs === undefined ? NOTHING : delayFields(own, delayMs);
  const fields = Object.entries({ ...size.fields, ...delay.fields });
  return {
    fields: Object.fromEntries(fields.filter(([name, value]) => value !== own[name as keyof RolloutFields])),
    unmet: [],
    remarks: [...size.remarks, ...delay.remarks],
  };
}

const NOTHING: LimitFields = { fields: {}, unmet: [], remarks: [] };

const RECREATE = 'the strategy Recreate stops all pods before it starts new ones';
const OTHER_KIND = 'only a Deployment lends its limits; the updateStrategy of this workload decides';

function unmet({ parallelism, delayMs, order }: UpdateLimits, why: string): readonly string[] {
  const keys = Object.entries({ parallelism: parallelism || undefined, delay: delayMs || undefined, order });
  const asked = keys.filter(([key, value]) => value !== undefined && !(key === 'order' && value === 'stop-first'));
  if (asked.length === 0) return [];
  const names = asked.map(([key]) => key).join(', ');
  return [`${names} is not applied: ${why}`];
}

function sizeFields({ maxSurge, maxUnavailable }: OwnFields, { parallelism, order }: UpdateLimits): LimitFields {
  const first = order ?? (isNone(maxUnavailable) ? 'start-first' : 'stop-first');
  const [own, other] = first === 'start-first' ? [maxSurge, maxUnavailable] : [maxUnavailable, maxSurge];
  const size = parallelism === 0 ? '100%' : (parallelism ?? (isNone(own) ? other : own));
  if (first === 'start-first') return { ...NOTHING, fields: { maxSurge: size, maxUnavailable: 0 } };
  return { ...NOTHING, fields: { maxSurge: 0, maxUnavailable: size }, remarks: [EARLY] };
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/: terminating pods are not counted. */
const EARLY = 'order stop-first: new pods start as soon as old ones are told to stop, not when these are gone';

/** A deadline has to lie behind the delay (kubernetes/kubernetes, apps/validation: progressDeadlineSeconds > minReadySeconds). */
function delayFields({ progressDeadlineSeconds }: OwnFields, delayMs: number): LimitFields {
  const minReadySeconds = Math.ceil(delayMs / 1000);
  const late = progressDeadlineSeconds <= minReadySeconds;
  const rounded = minReadySeconds * 1000 !== delayMs;
  return {
    ...NOTHING,
    fields: { minReadySeconds, ...(late && { progressDeadlineSeconds: minReadySeconds + progressDeadlineSeconds }) },
    remarks: [
      ...(rounded ? [`delay: rounded up to ${minReadySeconds}s, since minReadySeconds counts whole seconds`] : []),
      ...(minReadySeconds > 0 ? ['delay: counts for each pod from when it is ready, so after the last ones, too'] : []),
    ],
  };
}
