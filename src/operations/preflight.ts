import type { Cluster } from '../ports.ts';
import { isHeldBack } from '../release/canary.ts';
import { isEmpty } from '../rollout/loan.ts';
import { ownersOf } from '../rollout/owners.ts';
import { type Reference, referencesOf } from '../rollout/references.ts';
import { templateDigest } from '../rollout/template.ts';
import { type NeighbourPorts, neighbourProblems } from './neighbour-problems.ts';
import type { Step } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

type PreflightRequest = Pick<TrainRequest, 'allowGitopsDrift' | 'canary' | 'limits'>;

/**
 * Looks what would not work or not last, before anything is changed: `problems`, one line each, refuse the train; `steps`
 * are the same with warnings of what stands beside the workloads. Throws ClusterError.
 */
export async function preflight(
  ports: NeighbourPorts,
  steps: readonly Step[],
  request: PreflightRequest,
): Promise<{ readonly problems: readonly string[]; readonly steps: readonly Step[] }> {
  const reverted = steps.map((step) => (request.allowGitopsDrift ? [] : revertedBy(step, request)));
  const [missing, beside] = await Promise.all([
    Promise.all(steps.map((step) => missingReferences(ports.cluster, step))),
    neighbourProblems(ports, steps, request),
  ]);
  // What runs beside a canary starts no pod when that is taken away: nothing must keep a bad canary there.
  const lasting = steps.map((step, index) => ({
    objections: [...(reverted[index] ?? []), ...(missing[index] ?? [])],
    runs: runsBeside(step),
  }));
  return {
    problems: [
      ...lasting.flatMap(({ objections, runs }) => (runs ? [] : objections)),
      ...steps.flatMap(unselected),
      ...beside.problems,
    ],
    steps: steps.map((step, index) => {
      const { objections = [], runs = false } = lasting[index] ?? {};
      return withWarnings(step, [...(runs ? objections : []), ...(beside.warnings[index] ?? [])]);
    }),
  };
}

/** Whether it goes back to bits that have pods beside a canary that is held back. */
function runsBeside({ survey: { state }, mode, change }: Step): boolean {
  const { canary, revisions } = state;
  if (!canary || !isHeldBack(canary) || mode.mode !== 'rollback' || change.kind !== 'write') return false;
  const digest = templateDigest(change.template);
  return revisions.some((revision) => revision.digest === digest && (revision.replicaSet.spec.replicas ?? 0) > 0);
}

function withWarnings(step: Step, warnings: readonly string[]): Step {
  return { ...step, change: { ...step.change, warnings: [...step.change.warnings, ...warnings] } };
}

/** What a GitOps controller would take back while we count on it. */
function revertedBy(
  { survey: { ref, state }, mode, change, lend }: Step,
  request: PreflightRequest,
): readonly string[] {
  if (change.kind !== 'write') return [];
  const lost = lostTo(mode.mode === 'rollback', request.canary !== undefined, !isEmpty(lend));
  if (!lost) return [];
  return ownersOf(state.deployment)
    .filter(({ reverts }) => reverts)
    .map(
      ({ name, evidence }) =>
        `${nameOf(ref)} is managed by ${name} (${evidence}), which would ${lost}, or set allow-gitops-drift: true`,
    );
}

function lostTo(isRollback: boolean, isCanary: boolean, isLent: boolean): string | undefined {
  if (isRollback) return 'undo the rollback; roll back in its source, suspend it';
  if (isCanary) return 'take back what holds the canary; suspend it meanwhile';
  return isLent ? 'take back the limits of update-config; set them in its source, suspend it meanwhile' : undefined;
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
