import { ClusterError } from '../errors.ts';
import type { Cluster } from '../ports.ts';
import { writersBetween } from '../rollout/last-writer.ts';
import { changedFields, isEmpty, owed } from '../rollout/loan.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import type { Deployment } from '../rollout/objects.ts';
import { fieldsPatch, templatePatch } from '../rollout/patch.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Step } from './prepare.ts';

export type Written =
  | { readonly kind: 'written'; readonly deployment: Deployment }
  /** Somebody else changed the Deployment after it was read; nothing was written. */
  | { readonly kind: 'outrun'; readonly by: string };

/**
 * Puts the template of a step and its release's name into a Deployment in one guarded patch, with what is lent and given
 * back; where there is nothing to write it gives the Deployment as it was read. Throws ClusterError.
 */
export async function writeTemplate(
  cluster: Cluster,
  { survey, change, lend, canary }: Pick<Step, 'survey' | 'change' | 'lend' | 'canary'>,
  release: string,
  options: { readonly dryRun: boolean } = { dryRun: false },
): Promise<Written> {
  const {
    ref,
    state: { deployment, ledger },
  } = survey;
  const { template, resume } = change.kind === 'write' ? change : { template: deployment.spec.template, resume: false };
  const wanted = { ...(resume && { paused: false }), ...owed(deployment, ledger.loan), ...lend };
  const fields = changedFields(deployment, wanted);
  if (change.kind === 'keep' && (!canary || isEmpty(fields))) return { kind: 'written', deployment };
  try {
    const patch =
      change.kind === 'write'
        ? templatePatch(deployment, { release, template, fields })
        : fieldsPatch(deployment, fields);
    return { kind: 'written', deployment: await cluster.patchWorkload(ref, patch, options) };
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected'))) throw error;
    const { metadata } = deployment;
    const now = await cluster.getWorkload(ref);
    // The API server answers a failed `test` as it answers an invalid object: only the object tells which it was.
    if (now.metadata.uid === metadata.uid && now.metadata.generation === metadata.generation) throw error;
    // A patch that was sent again because its answer was lost fails the test of the generation that it moved itself.
    const said =
      change.kind === 'write'
        ? now.metadata.annotations?.[CHANGE_CAUSE] === release
        : isEmpty(changedFields(now, wanted));
    const landed = said && sameTemplate(now.spec.template, template);
    if (landed && !options.dryRun) return { kind: 'written', deployment: now };
    return { kind: 'outrun', by: writersBetween(deployment, now) ?? 'somebody else' };
  }
}
