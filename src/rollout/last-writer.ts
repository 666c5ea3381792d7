import type { Deployment } from './objects.ts';

/** Who changed a Deployment last, as its managed fields tell: `kubectl-set at 2026-11-21T03:00:00Z`; undefined without them. */
export function lastWriter(deployment: Deployment): string | undefined {
  const [last] = (deployment.metadata.managedFields ?? [])
    .filter(({ subresource, manager, time }) => !subresource && manager && time)
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
  return last && `${last.manager} at ${last.time}`;
}
