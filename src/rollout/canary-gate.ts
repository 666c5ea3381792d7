import { fieldsOf, NEVER_AVAILABLE_SECONDS, NO_DEADLINE_SECONDS, type RolloutFields } from './loan.ts';
import type { Deployment } from './objects.ts';
import { partitionOf } from './partition.ts';

/**
 * The fields that hold a canary at exactly so many pods: as many as may surge, which never become available, so that no
 * old pod is released for them. They serve all the same, since a Service asks for Ready. In a StatefulSet, whose pods
 * cannot be beside the old ones, they take the place of those with the highest ordinals.
 */
export function gateFields(pods: number, { spec }: Deployment): RolloutFields {
  if (isSet(spec)) return { partition: (spec.replicas ?? 1) - pods };
  return {
    maxSurge: pods,
    maxUnavailable: 0,
    minReadySeconds: NEVER_AVAILABLE_SECONDS,
    progressDeadlineSeconds: NO_DEADLINE_SECONDS,
  };
}

/** How many pods of a new release its gate lets be; undefined without one. */
export function gateSize(deployment: Deployment): number | string | undefined {
  const { spec } = deployment;
  if (isSet(spec)) return partitionOf(spec) > 0 ? (spec.replicas ?? 1) - partitionOf(spec) : undefined;
  return spec.minReadySeconds === NEVER_AVAILABLE_SECONDS ? fieldsOf(deployment).maxSurge : undefined;
}

function isSet({ updateStrategy }: Deployment['spec']): boolean {
  return updateStrategy !== undefined;
}
