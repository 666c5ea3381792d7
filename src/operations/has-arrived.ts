import { ClusterError } from '../errors.ts';
import type { Cluster } from '../ports.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import { type TemplateChange, templatePatch } from '../rollout/patch.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Survey } from './survey.ts';

/**
 * Whether a template that was to be written is there: an earlier try got there, and only its answer was lost. Admission may
 * have changed what was written; then it makes the same of it again. Throws ClusterError where that cannot be asked.
 */
export async function hasArrived(
  cluster: Cluster,
  { ref, state: { deployment } }: Survey,
  { release, template }: Pick<TemplateChange, 'release' | 'template'>,
): Promise<boolean> {
  const { metadata, spec } = deployment;
  if (sameTemplate(spec.template, template)) return true;
  if (metadata.annotations?.[CHANGE_CAUSE] !== release) return false;
  try {
    const again = await cluster.patchWorkload(ref, templatePatch(deployment, { release, template, fields: {} }), {
      dryRun: true,
    });
    return sameTemplate(again.spec.template, spec.template);
  } catch (error) {
    if (error instanceof ClusterError && error.kind !== 'unreachable') return false;
    throw error;
  }
}
