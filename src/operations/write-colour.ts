import type { Cluster } from '../ports.ts';
import { colourPatch, podsOf, scalePatch } from '../rollout/blue-green-patch.ts';
import { changedFields, owed } from '../rollout/loan.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Way } from './blue-green-prepare.ts';
import { type Written, writeGuarded } from './guarded-write.ts';
import type { Survey } from './survey.ts';

/**
 * Gives the idle colour its release and its pods in one guarded patch, and back what an earlier run lent to it; where it
 * has release and pods, it gives the Deployment as it was read. Throws ClusterError.
 */
export async function writeColour(
  cluster: Cluster,
  { ref, state: { deployment, ledger } }: Survey,
  { change, replicas }: Pick<Extract<Way, { kind: 'switch' }>, 'change' | 'replicas'>,
  release: string,
  options: { readonly dryRun: boolean } = { dryRun: false },
): Promise<Written> {
  if (change.kind === 'write') {
    const { template, resume } = change;
    const given = { ...(resume && { paused: false }), ...owed(deployment, ledger.loan) };
    const fields = changedFields(deployment, given);
    return writeGuarded(
      cluster,
      { ref, deployment },
      colourPatch(deployment, { release, template, fields }, replicas),
      (now) =>
        now.metadata.annotations?.[CHANGE_CAUSE] === release &&
        podsOf(now) === replicas &&
        sameTemplate(now.spec.template, template),
      options,
    );
  }
  if (podsOf(deployment) === replicas) return { kind: 'written', deployment };
  const { template } = deployment.spec;
  return writeGuarded(
    cluster,
    { ref, deployment },
    scalePatch(deployment, replicas),
    (now) => podsOf(now) === replicas && sameTemplate(now.spec.template, template),
    options,
  );
}
