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
  return join(newWrites(before, after));
}

/** Who changed the pod template between two readings of a Deployment; undefined where the managed fields do not tell. */
export function templateWritersBetween(before: Deployment, after: Deployment): string | undefined {
  return join(newWrites(before, after).filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:template']));
}

/** Whoever only lost fields to somebody else keeps the time of an earlier write, and wrote nothing. */
function newWrites(before: Deployment, after: Deployment): readonly ManagedFields[] {
  const known = new Set((before.metadata.managedFields ?? []).map(write));
  return (after.metadata.managedFields ?? []).filter(
    (fields) => fields.subresource !== 'status' && !known.has(write(fields)),
  );
}

function write(fields: ManagedFields): string {
  const { manager, operation, subresource, time } = fields;
  return JSON.stringify(time ? [manager, operation, subresource, time] : fields);
}

function join(writes: readonly ManagedFields[]): string | undefined {
  return writes.length > 0 ? writes.map(named).join(', ') : undefined;
}

/** The API server keeps no time for `kubectl scale`. */
function named({ manager = 'somebody', subresource, time }: ManagedFields): string {
  return `${manager}${subresource ? ` (${subresource})` : ''}${time ? ` at ${time}` : ''}`;
}
