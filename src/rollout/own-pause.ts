import type { Deployment } from './objects.ts';

/** The name under which Rollkey writes; the API server keeps it with each field. */
const FIELD_MANAGER = 'rollkey';

/**
 * Whether a Deployment is paused, and nobody but Rollkey said so: whoever pauses it by hand owns the field, and looks into
 * something (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
 */
export function isOwnPause({ spec, metadata: { managedFields = [] } }: Deployment): boolean {
  const owners = managedFields.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:paused']);
  return spec.paused === true && owners.length > 0 && owners.every(({ manager }) => manager === FIELD_MANAGER);
}
