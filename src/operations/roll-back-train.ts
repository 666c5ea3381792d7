import { ClusterError } from '../errors.ts';
import type { WorkloadRef } from '../ports.ts';
import { besideCanary } from '../release/beside-canary.ts';
import { directionTo } from '../release/direction.ts';
import { showRelease } from '../release/release-text.ts';
import { type ReturnTarget, returnTarget } from '../release/return-target.ts';
import { versionChange } from '../release/version-change.ts';
import type { WorkloadResult } from '../result.ts';
import { idlePods } from '../rollout/idle-pods.ts';
import { isEmpty, ownFields, type RolloutFields } from '../rollout/loan.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { ownersOf } from '../rollout/owners.ts';
import { sameBits, sameTemplate, templateDigest } from '../rollout/template.ts';
import { limitFields, type UpdateLimits } from '../rollout/update-limits.ts';
import { conclude } from './conclude.ts';
import type { Ended } from './failure-action.ts';
import { giveBackOrWarn } from './give-back.ts';
import { hasArrived } from './has-arrived.ts';
import { hasMoved, isRefuted, type Leg, wasHalted } from './leg.ts';
import type { Step } from './prepare.ts';
import { attempt, type Returning, type RollPorts } from './roll-workload.ts';
import { backResult, mateResult, strandedResult, whyEnded } from './rolled-back-result.ts';
import { type Survey, survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';

type Target = Extract<ReturnTarget, { kind: 'found' }>;

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;
/** Milliseconds. */
const PAUSE_WHILE_AWAY = 2_000;

/**
 * Takes every workload that was moved back to its last good release, all at once: each in one write, and watched as any
 * rollback is.
 */
export async function rollBackTrain(ports: RollPorts, ended: Ended): Promise<readonly WorkloadResult[]> {
  const { request, concluded } = ended;
  const targets = targetsOf(ended);
  const results = await Promise.all(
    concluded.map(({ leg, result }, index) => {
      const target = targets[index];
      const failed = isRefuted(leg) ? result : mateResult(result);
      if (!target) return wasHalted(leg) ? failed : result;
      return target.kind === 'none'
        ? strandedResult(failed, target.why)
        : goBackOrReport(ports, leg, failed, target, request);
    }),
  );
  if (!ports.interrupt.aborted) ports.remember([]);
  return results;
}

/** The workloads that go back, to be remembered from the decision on. */
export function returningOf(ended: Ended): readonly Returning[] {
  const targets = targetsOf(ended);
  return ended.concluded.flatMap(({ leg }, index) => {
    const target = targets[index];
    return target?.kind === 'found' ? [returning(leg.step.survey.ref, templateOf(leg), target)] : [];
  });
}

/** Where each workload goes back to; undefined for one that stays. */
function targetsOf({ train, concluded, barred }: Ended): readonly (ReturnTarget | undefined)[] {
  return concluded.map(({ leg }) => {
    const leaving = { release: train.release, template: templateOf(leg) };
    const { survey, canary } = leg.step;
    if (!hasMoved(leg)) return undefined;
    const beside = besideCanary(survey.state, canary);
    // Somebody may have deployed just that over the canary, and it failed.
    const serves = beside?.kind === 'found' && !sameBits(beside.template, leaving.template);
    return serves ? beside : returnTarget(survey.state, leaving, barred);
  });
}

function returning(ref: WorkloadRef, leaving: PodTemplate, { release, template }: Target): Returning {
  return { ref, release, from: templateDigest(leaving), to: templateDigest(template) };
}

/** While the API is away the bad release must not stay because of it: tried again for as long as a rollout may take. */
async function goBackOrReport(
  ports: RollPorts,
  leg: Leg,
  failed: WorkloadResult,
  target: Target,
  request: TrainRequest,
): Promise<WorkloadResult> {
  const { workload, release } = failed;
  const way = `from ${showRelease(release)} to ${showRelease(target.release)}`;
  ports.log.info(`${workload}: ROLLING_BACK ${way}: ${whyEnded(failed)}`);
  const begin = ports.clock.now();
  let told = '';
  for (;;) {
    try {
      return await goBack(ports, leg, failed, target, request, begin);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.message !== told) ports.log.warn(error.message);
      told = error.message;
      const late = ports.clock.now() - begin >= request.timeoutMs;
      if (error.kind !== 'unreachable' || late || ports.interrupt.aborted)
        return strandedResult(unseen(failed), error.message, target.release);
      await ports.clock.sleep(PAUSE_WHILE_AWAY, ports.interrupt);
    }
  }
}

/** Whether the way back was written is not known. */
function unseen(failed: WorkloadResult): WorkloadResult {
  return { ...failed, pods: { ...failed.pods, unseen: true } };
}

function templateOf(leg: Leg): PodTemplate {
  if (leg.kind !== 'ended') return leg.deployment.spec.template;
  const {
    change,
    survey: { state },
  } = leg.step;
  return change.kind === 'write' ? change.template : state.live.template;
}

async function goBack(
  ports: RollPorts,
  leg: Leg,
  failed: WorkloadResult,
  target: Target,
  request: TrainRequest,
  begin: number,
): Promise<WorkloadResult> {
  const { ref } = leg.step.survey;
  for (let count = 1; ; count++) {
    const now = await survey(ports, ref);
    const arrived = await hasArrived(ports.cluster, now, target);
    const obstacle = arrived ? undefined : obstacleTo(now, leg, request);
    if (obstacle) return strandedResult(failed, obstacle);
    const ride = { halt: ports.interrupt, policy: request.rollback, completed: () => undefined };
    const step = stepBack(now, target, arrived, request.rollbackLimits);
    const tried = await attempt(ports, step, target.release, request, ride, begin);
    if (tried.kind === 'outrun') {
      if (count < ATTEMPTS) continue;
      return strandedResult(failed, `${tried.by} kept changing it; roll back by name`, target.release);
    }
    if (tried.kind === 'ended' && tried.result.reasonCode === 'cluster-unreachable')
      throw new ClusterError('unreachable', tried.result.message);
    const lent = now.state.ledger.loan !== undefined || !isEmpty(step.lend);
    if (lent && !ports.interrupt.aborted) await giveBackOrWarn(ports, ref);
    const { result } = await conclude(ports, tried, target.release);
    return backResult(failed, { to: target.release, back: result, seconds: (ports.clock.now() - begin) / 1000 });
  }
}

/** Why it must stay as it is: a rollback never undoes somebody else's work, nor fights a controller that would undo it. */
function obstacleTo({ state }: Survey, leg: Leg, { allowGitopsDrift }: TrainRequest): string | undefined {
  if (!sameTemplate(state.deployment.spec.template, templateOf(leg)))
    return 'somebody else changed its template meanwhile';
  const owner = allowGitopsDrift ? undefined : ownersOf(state.deployment).find(({ reverts }) => reverts);
  return owner && `${owner.name} manages it (${owner.evidence}) and would undo that; roll back in its source`;
}

/** The step that leads back; what is being left failed, however complete it looks. */
function stepBack(now: Survey, { release, template, source }: Target, arrived: boolean, limits: UpdateLimits): Step {
  const { live, known, deployment } = now.state;
  const said = { drift: [], warnings: [] };
  return {
    survey: { ...now, state: { ...now.state, proven: false } },
    mode: {
      kind: 'decided',
      mode: 'rollback',
      direction: directionTo(release, live.release, known),
      versionChange: versionChange(live.release, release),
      firstDeployment: false,
      alreadyLive: false,
      reason: `${showRelease(live.label)} failed`,
    },
    change: arrived
      ? { kind: 'keep', watch: true, ...said }
      : { kind: 'write', template, source, resume: deployment.spec.paused === true, ...said },
    lend: arrived ? {} : lentFields(now, limits),
  };
}

/** The rollback's own pace; nothing waits for surge where the pods that are left serve nobody. */
function lentFields({ state: { deployment, ledger, revisions } }: Survey, limits: UpdateLimits): RolloutFields {
  const leaving = revisions.find(({ live }) => live)?.replicaSet;
  const replicaSets = revisions.map(({ replicaSet }) => replicaSet);
  const idle = idlePods(deployment, leaving, replicaSets);
  const { fields } = limitFields(deployment, ownFields(deployment, ledger.loan), limits);
  return { ...fields, ...(idle !== undefined && { maxUnavailable: idle }) };
}
