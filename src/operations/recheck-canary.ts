import type { Log } from '../ports.ts';
import { durationText } from '../release/duration-text.ts';
import { scaledAway } from '../rollout/canary-status.ts';
import { keptPods, partitionOf } from '../rollout/partition.ts';
import { crashedSince } from '../verdict/crashed-since.ts';
import type { Policy } from '../verdict/policy.ts';
import { canaryAtEnd } from './canary-standing.ts';
import { isRefuted, type Leg } from './leg.ts';
import type { Step, Train } from './prepare.ts';
import { isWell, rideTrain } from './ride-train.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { nameOf } from './workload-name.ts';
import { stoppedResult, unchangedResult, untouchedResult } from './workload-result.ts';

/** What a look at canaries came to that are not all well. */
export interface Looked {
  readonly legs: readonly Leg[];
  readonly checks: ChecksEnd;
}

/**
 * Looks once more at canaries that are about to go on: their pods, and the checks. What came of it where something is
 * wrong; undefined where all is well, and where none is about to grow from a size that it has.
 */
export async function recheckCanary(
  ports: RollPorts,
  train: Train,
  request: TrainRequest,
): Promise<Looked | undefined> {
  const grows = train.steps.some((step) => step.canary?.grows && hasPods(step));
  return grows ? look(ports, train, request, hasPods) : undefined;
}

/**
 * Looks at canaries that are held, and writes nothing: undefined where all are well, and where there is none. One whose
 * pods are gone is awaited, since nobody else brings it up anew before its hold is over.
 */
export function lookAtCanaries(ports: RollPorts, train: Train, request: TrainRequest): Promise<Looked | undefined> {
  return look(ports, train, request, (step) => hasPods(step) || step.survey.state.canary?.heldSince !== undefined);
}

async function look(
  ports: RollPorts,
  train: Train,
  request: TrainRequest,
  isAwaited: (step: Step) => boolean,
): Promise<Looked | undefined> {
  const looks = train.steps.map((step) => (isAwaited(step) ? standingStep(step) : undefined));
  const steps = looks.filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  // Pods that were seen well were watched through their window when they came.
  const seenWell = steps.every(({ survey }) => survey.state.canary?.heldSince !== undefined);
  const policy = { ...request.update.policy, ...(seenWell && { monitorMs: 0, wasWell: true }) };
  const looking = { ...request, update: { ...request.update, policy } };
  const { legs: looked, checks } = await rideTrain(ports, { ...train, steps }, looking, { looksOn: true });
  const legs = looked.map((leg) => distrust(leg, policy));
  if (legs.every(isWell) && checks.verdict === 'passed') return undefined;
  const now = ports.clock.now();
  const failed = checks.verdict === 'failed' || legs.some(isRefuted);
  const seen = legs.map(
    (leg) => (failed ? undefined : endIfScaledAway(leg, train.release)) ?? tellHold(ports.log, leg, now),
  );
  return {
    legs: train.steps.map((step, index) => (looks[index] && seen.shift()) || untouched(step, train.release)),
    checks: { ...checks, ...(checks.message !== '' && { message: `${checks.message}${heldFor(steps, now)}` }) },
  };
}

/** Scaling says nothing about a release: it is left as it is, unless the train goes back. */
function endIfScaledAway(leg: Leg, release: string): Leg | undefined {
  if (leg.kind !== 'watched') return undefined;
  const { step, end } = leg;
  const { deployment, carrier } = end.last;
  const canaryPods = step.canary?.pods ?? 0;
  const why =
    end.status.state === 'held-up' && deployment && scaledAway(deployment, carrier, { canaryPods, isHeld: true });
  if (!why) return undefined;
  const message = `${nameOf(step.survey.ref)}: no canary: ${why}`;
  const canary = canaryAtEnd(step, end);
  const result = stoppedResult(step, release, 'preflight-refused', message);
  return { kind: 'ended', step, result: { ...result, ...(canary && { canary: { ...canary, abandoned: true } }) } };
}

/** For how long it was held is a part of why it is taken back. */
function tellHold(log: Log, leg: Leg, now: number): Leg {
  if (leg.kind !== 'watched' || !isRefuted(leg)) return leg;
  const status = { ...leg.end.status, message: `${leg.end.status.message}${heldFor([leg.step], now)}` };
  log.info(`${nameOf(leg.step.survey.ref)}: ${status.message}`);
  return { ...leg, end: { ...leg.end, status } };
}

/** The longest of them; empty where none was seen well before. */
function heldFor(steps: readonly Step[], now: number): string {
  const times = steps.flatMap(({ survey }) => survey.state.canary?.heldSince ?? []).map((since) => Date.parse(since));
  return times.length === 0 ? '' : ` (held for ${durationText(now - Math.min(...times))})`;
}

/** A pod that crashed while nobody looked may be ready in this very moment. */
function distrust(leg: Leg, { failFast, maxFailureRatio }: Policy): Leg {
  const { heldSince, crashes } = leg.step.survey.state.canary ?? {};
  if (leg.kind !== 'watched' || !isWell(leg) || failFast === 'off' || heldSince === undefined) return leg;
  const cause = crashedSince(leg.end.last.pods ?? [], { since: Date.parse(heldSince), crashes }, maxFailureRatio);
  if (!cause) return leg;
  const status = { state: 'failed', message: `it crashed while it was held: ${cause.message}` } as const;
  return { ...leg, end: { ...leg.end, status, cause } };
}

function hasPods({ canary }: Step): boolean {
  return canary !== undefined && canary.standing > 0;
}

/** The step as one that awaits the canary with the pods that it has, or had; undefined where there is none. */
function standingStep(step: Step): Step | undefined {
  const { canary, survey } = step;
  const { canary: held, deployment } = survey.state;
  if (!canary || !held) return undefined;
  // A StatefulSet counts only the pods that are there: its partition tells how many there are to be.
  const partitioned = survey.ref.kind === 'statefulset' && partitionOf(deployment.spec) > 0;
  const size = partitioned ? (deployment.spec.replicas ?? 1) - keptPods(deployment) : Math.max(1, canary.standing);
  return { ...step, canary: { ...canary, canary: held, pods: size, grows: false } };
}

/** Where there was nothing to look at, nothing happened. */
function untouched(step: Step, release: string): Leg {
  const keeps = step.change.kind === 'keep' && !step.canary;
  return {
    kind: 'ended',
    step,
    result: keeps ? unchangedResult(step, release, 0, []) : untouchedResult(step, release),
  };
}
