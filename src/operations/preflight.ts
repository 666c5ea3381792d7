import type { Cluster } from '../ports.ts';
import { ownersOf } from '../rollout/owners.ts';
import { type Reference, referencesOf } from '../rollout/references.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

/** Reasons, one line each, why restoring old bits would not work or not last. Empty when nothing stands in the way. */
export async function preflight(
  cluster: Cluster,
  steps: readonly Step[],
  request: Pick<TrainRequest, 'allowGitopsDrift'>,
): Promise<readonly string[]> {
  const reverted = request.allowGitopsDrift ? [] : steps.flatMap(revertedBy);
  const missing = await Promise.all(steps.map((step) => missingReferences(cluster, step)));
  return [...reverted, ...steps.flatMap(unselected), ...missing.flat()];
}

function revertedBy({ survey: { ref, state }, mode, change }: Step): readonly string[] {
  if (mode.mode !== 'rollback' || change.kind !== 'write') return [];
  return ownersOf(state.deployment)
    .filter(({ reverts }) => reverts)
    .map(
      ({ name, evidence }) =>
        `${nameOf(ref)} is managed by ${name} (${evidence}), which would undo the rollback; ` +
        'roll back in its source, suspend it, or set allow-gitops-drift: true',
    );
}

/** A Deployment that was made anew may select other pods; its selector cannot be changed. */
function unselected({ survey: { ref, state }, change }: Step): readonly string[] {
  const labels = change.kind === 'write' ? (change.template.metadata?.labels ?? {}) : {};
  const { matchLabels = {} } = state.deployment.spec.selector;
  const other = Object.entries(matchLabels).find(([key, value]) => labels[key] !== value);
  if (change.kind !== 'write' || !other) return [];
  return [
    `${nameOf(ref)}: what was recorded lacks the label ${other.join('=')} that it selects now; ` +
      'it was made anew since, so deploy the release again with its images',
  ];
}

async function missingReferences(cluster: Cluster, { survey: { ref }, change }: Step): Promise<readonly string[]> {
  const restores = change.kind === 'write' && (change.source === 'replica-set' || change.source === 'ledger-snapshot');
  if (!restores) return [];
  const references = referencesOf(change.template);
  const found = await Promise.all(
    references.map(({ resource, name }) => cluster.exists(resource, ref.namespace, name)),
  );
  return references
    .filter((_, index) => found[index] === 'no')
    .map(
      (reference) =>
        `${nameOf(ref)}: its old template names ${kindOf(reference)} ${ref.namespace}/${reference.name}, which is gone; ` +
        'create it again first',
    );
}

function kindOf({ resource }: Reference): string {
  return resource === 'secrets' ? 'Secret' : 'ConfigMap';
}
