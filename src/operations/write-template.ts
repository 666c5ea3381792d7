import type { Cluster } from '../ports.ts';
import { changedFields, isEmpty, owed } from '../rollout/loan.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import { fieldsPatch, templatePatch } from '../rollout/patch.ts';
import { sameTemplate } from '../rollout/template.ts';
import { type Written, writeGuarded } from './guarded-write.ts';
import type { Step } from './prepare.ts';

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
  const given = { ...owed(deployment, ledger.loan), ...lend };
  if (change.kind === 'write') {
    const { template, resume } = change;
    const fields = changedFields(deployment, { ...(resume && { paused: false }), ...given });
    const patch = templatePatch(deployment, { release, template, fields });
    return writeGuarded(
      cluster,
      { ref, deployment },
      patch,
      ({ metadata, spec }) => metadata.annotations?.[CHANGE_CAUSE] === release && sameTemplate(spec.template, template),
      options,
    );
  }
  const fields = changedFields(deployment, given);
  if (!canary || isEmpty(fields)) return { kind: 'written', deployment };
  const { template } = deployment.spec;
  return writeGuarded(
    cluster,
    { ref, deployment },
    fieldsPatch(deployment, fields),
    (now) => isEmpty(changedFields(now, given)) && sameTemplate(now.spec.template, template),
    options,
  );
}
