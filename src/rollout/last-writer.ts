import type { Deployment, ManagedFields } from './objects.ts';

/**
 * Who changed a Deployment's pod template last, as its managed fields tell: `kubectl-set at 2026-11-21T03:00:00Z`;
 * undefined without them.
 */
export function lastWriter(deployment: Deployment): string | undefined {
  const [last] = (deployment.metadata.managedFields ?? [])
    .filter(({ time, fieldsV1 }) => time && fieldsV1?.['f:spec']?.['f:template'])
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
  return last && named(last);
}

/** Who wrote anything but status between two readings of a Deployment; undefined where the managed fields do not tell. */
export function writersBetween(before: Deployment, after: Deployment): string | undefined {
  const known = new Set((before.metadata.managedFields ?? []).map((fields) => JSON.stringify(fields)));
  const writers = (after.metadata.managedFields ?? [])
    .filter((fields) => fields.subresource !== 'status' && !known.has(JSON.stringify(fields)))
    .map(named);
  return writers.length > 0 ? writers.join(', ') : undefined;
}

/** The API server keeps no time for `kubectl scale`. */
function named({ manager = 'somebody', subresource, time }: ManagedFields): string {
  return `${manager}${subresource ? ` (${subresource})` : ''}${time ? ` at ${time}` : ''}`;
}
