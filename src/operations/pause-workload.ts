import { ClusterError } from '../errors.ts';
import type { WorkloadRef } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import { type RunningPods, runningPods } from '../release/running-pods.ts';
import type { WorkloadResult } from '../result.ts';
import { ownRevisions } from '../rollout/history.ts';
import { isEmpty } from '../rollout/loan.ts';
import type { Deployment } from '../rollout/objects.ts';
import { fieldsPatch } from '../rollout/patch.ts';
import { pausedOutlook } from '../rollout/paused-outlook.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Concluded } from './conclude.ts';
import { hasMoved, type Leg, wasHalted } from './leg.ts';
import type { RollPorts } from './roll-workload.ts';
import { mateResult } from './rolled-back-result.ts';
import { type Survey, survey } from './survey.ts';
import { nameOf } from './workload-name.ts';

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;
/** For how long the controller may take to hold still. */
const SETTLING_MS = 5_000;
const LOOK_MS = 250;

/**
 * Stops a workload where it is, with both releases running, as long as its template is still the one that was written; the
 * result tells how many pods run which release, and how to go on or back. What was lent stays lent: limits that change
 * while a Deployment is paused would resize its old ReplicaSet (kubernetes/kubernetes#115735).
 */
export async function pauseWorkload(ports: RollPorts, { leg, result: concluded }: Concluded): Promise<WorkloadResult> {
  const result = wasHalted(leg) ? mateResult(concluded) : concluded;
  // A canary that stands is paused already.
  if (leg.kind !== 'watched' || !hasMoved(leg) || result.reasonCode === 'canary-held') return result;
  const { ref } = leg.step.survey;
  if (ref.kind !== 'deployment') {
    const left = `left as it is: a ${ref.kind} cannot be paused; roll back by name, or deploy a release that is fixed`;
    return { ...result, message: `${result.message}; ${left}` };
  }
  try {
    if (!(await pause(ports, ref, leg.deployment))) return result;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    return { ...result, message: `${result.message}; it could not be paused: ${error.message}` };
  }
  const how = wayFrom(leg, result.release);
  try {
    const mix = await standstill(ports, ref);
    // A canary's gate lets nothing move, and is no limit of update-config.
    const warnings = leg.step.canary?.pods === undefined ? [...outlookOf(mix), ...lentTo(leg)] : [];
    for (const warning of warnings) ports.log.warn(`${nameOf(ref)}: ${warning}`);
    const { deployment, replicaSets, ledger } = mix.state;
    const runs = runningPods(deployment, replicaSets, ledger);
    return {
      ...{ ...result, outcome: 'paused', runs },
      message: `${result.message}; paused: ${runs.map(podsText).join(', ')}; ${how}`,
      warnings: [...result.warnings, ...warnings],
    };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    return { ...result, outcome: 'paused', message: `${result.message}; paused where it is; ${how}` };
  }
}

/** What holds a canary is not its pause alone: resuming it moves nothing. */
function wayFrom({ step: { canary, survey } }: Leg, name: string): string {
  const { ref } = survey;
  const release = showRelease(name);
  return canary?.pods === undefined
    ? `to go on, run ${release} again, or kubectl rollout resume -n ${ref.namespace} deployment/${ref.name}; to go back, run with mode: rollback`
    : `its canary grows no further; run ${release} again once the cause is gone, or take it back with abort/`;
}

/** `1 pod runs 1.1 (0 ready)` */
function podsText({ release, pods, ready }: RunningPods): string {
  return `${pods} ${pods === 1 ? 'pod runs' : 'pods run'} ${showRelease(release)} (${ready} ready)`;
}

/** Pauses it, unless somebody else's template is there by now; tells whether it is paused. */
async function pause({ cluster }: RollPorts, ref: WorkloadRef, written: Deployment): Promise<boolean> {
  for (let count = 1; ; count++) {
    const now = await cluster.getWorkload(ref);
    if (!sameTemplate(now.spec.template, written.spec.template)) return false;
    if (now.spec.paused) return true;
    try {
      await cluster.patchWorkload(ref, fieldsPatch(now, { paused: true }));
      return true;
    } catch (error) {
      const changed = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected');
      if (!changed || count === ATTEMPTS) throw error;
    }
  }
}

/** How it stands once the controller has seen the pause, and its ReplicaSets have the pods that they are to have. */
async function standstill(ports: RollPorts, ref: WorkloadRef): Promise<Survey> {
  const until = ports.clock.now() + SETTLING_MS;
  for (;;) {
    const surveyed = await survey(ports, ref);
    const { deployment, replicaSets } = surveyed.state;
    const seen = (deployment.status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
    const sized = ownRevisions(deployment, replicaSets).every(
      ({ spec, status }) => (status?.replicas ?? spec.replicas) === spec.replicas,
    );
    if ((seen && sized) || ports.clock.now() >= until || ports.interrupt.aborted) return surveyed;
    await ports.clock.sleep(LOOK_MS, ports.interrupt);
  }
}

/** What happens all the same, a sentence or none. */
function outlookOf({ state: { deployment, replicaSets, revisions, live } }: Survey): readonly string[] {
  const owned = ownRevisions(deployment, replicaSets);
  const carrier = revisions.find((revision) => revision.live)?.replicaSet;
  const release = showRelease(live.label);
  const desired = deployment.spec.replicas ?? 1;
  switch (pausedOutlook(deployment, carrier, owned)) {
    case 'grows':
      return [`although it is paused, Kubernetes brings the one release that has pods to ${desired} of them`];
    case 'ends':
      return [
        `although it is paused, Kubernetes removes the pods of other releases as soon as all of ${release} are available`,
      ];
    case 'stands':
      return [];
  }
}

function lentTo(leg: Leg): readonly string[] {
  if (isEmpty(leg.step.lend) || leg.step.canary?.pods !== undefined) return [];
  const fields = Object.keys(leg.step.lend).join(', ');
  return [`${fields} stay as update-config set them while it is paused; the next run gives them back`];
}
