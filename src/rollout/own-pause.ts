import { gateSize } from './canary-gate.ts';
import type { Deployment } from './objects.ts';

/** The name under which Rollkey writes; the API server keeps it with each field. */
const FIELD_MANAGER = 'rollkey';

/**
 * Whether a Deployment is paused half way, and nobody but Rollkey said so: whoever pauses it by hand owns the field, and
 * looks into something; a canary's gate is no half way (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
 */
export function isOwnPause(deployment: Deployment): boolean {
  const { managedFields = [] } = deployment.metadata;
  const owners = managedFields.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:paused']);
  const isHalted = deployment.spec.paused === true && gateSize(deployment) === undefined;
  return isHalted && owners.length > 0 && owners.every(({ manager }) => manager === FIELD_MANAGER);
}
