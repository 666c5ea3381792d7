import { ClusterError } from '../errors.ts';
import type { Clock, Gate, WorkloadRef } from '../ports.ts';
import type { CanaryStage } from '../release/canary-plan.ts';
import { type Change, changeFor, leaveAlone } from '../release/change.ts';
import { directionTo } from '../release/direction.ts';
import { type ImageTarget, strayImages } from '../release/images.ts';
import { calculateMode, type DecidedMode, type ModeDecision } from '../release/mode.ts';
import { trainMode } from '../release/train.ts';
import { versionChange } from '../release/version-change.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { ReasonCode } from '../result.ts';
import { ownFields, type RolloutFields } from '../rollout/loan.ts';
import { limitFields } from '../rollout/update-limits.ts';
import { canarySteps } from './canary-steps.ts';
import { finding, findTarget, situationOf } from './find-target.ts';
import type { Glance } from './glance.ts';
import { concerned } from './held-target.ts';
import { preflight } from './preflight.ts';
import { type Survey, type SurveyPorts, survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

/** What is going to be done to one workload. */
export interface Step {
  readonly survey: Survey;
  readonly mode: DecidedMode;
  readonly change: Exclude<Change, { kind: 'refused' }>;
  /** Fields that differ from the Deployment's own for as long as the rollout takes. */
  readonly lend: RolloutFields;
  /** How Kubernetes does what is lent; a sentence each, absent for none. */
  readonly remarks?: readonly string[];
  /** What comes of a canary of it; undefined where none is begun and none is held. */
  readonly canary?: CanaryStage | undefined;
}

export interface Refused {
  readonly kind: 'refused';
  readonly reasonCode: ReasonCode;
  /** One line each, with the workload's name. */
  readonly problems: readonly string[];
  readonly surveys: readonly Survey[];
}

/** A train that may go: every workload was read, has its bits, and nothing was touched yet. */
export interface Train {
  readonly kind: 'ready';
  readonly release: string;
  /** Why it is not one that is nearer; a sentence each. Foreign text. */
  readonly passedOver: readonly string[];
  readonly mode: DecidedMode;
  readonly steps: readonly Step[];
  readonly surveys: readonly Survey[];
}

export type PreparePorts = SurveyPorts & {
  readonly clock: Clock;
  readonly gate?: Gate;
  readonly glance?: Glance;
  readonly interrupt: AbortSignal;
};

/** Reads all workloads and decides for the whole train, and looks what is in its way. Throws ClusterError. */
export async function prepare(ports: PreparePorts, request: TrainRequest): Promise<Train | Refused> {
  const train = await decide(ports, request);
  if (train.kind === 'refused') return train;
  const { problems, steps } = await preflight(ports, train.steps, request);
  return problems.length > 0
    ? { kind: 'refused', reasonCode: 'preflight-refused', problems, surveys: train.surveys }
    : { ...train, steps };
}

/** Reads all workloads and decides for the whole train; one refusal refuses all. Throws ClusterError. */
export async function decide(ports: PreparePorts, request: TrainRequest): Promise<Train | Refused> {
  const surveys = concerned(await surveyAll(ports, request.refs), request);
  const refuse = (reasonCode: ReasonCode, problems: readonly string[]): Refused => ({
    ...{ kind: 'refused', reasonCode, problems, surveys },
  });
  const { target, passedOver } = await findTarget(ports, surveys, request);
  if (target.kind === 'refused') return refuse(target.reasonCode, [target.message + problemOf(surveys)]);
  const { release } = target;
  const decisions = surveys.map((surveyed) => finding(surveyed, decideMode(surveyed.state, request, release)));
  const mode = trainMode(decisions);
  if (mode.kind === 'refused') return refuse(mode.reasonCode, [mode.message + problemOf(surveys)]);
  // A rollback ignores images, and says so.
  const stray = mode.mode === 'rollback' ? [] : strayImages(request.images, surveys.map(imageTarget));
  if (stray.length > 0) return refuse('invalid-input', stray);
  const at = new Date(ports.clock.now()).toISOString();
  const redefine = request.requested === 'deploy';
  const choices = surveys.map((surveyed, index) => {
    const decided = decisions[index]?.found;
    const own = decided?.kind === 'decided' ? decided : mode;
    // Nobody asked to restart a workload of a moving train that has the release already.
    const change =
      own.alreadyLive && own.mode !== mode.mode
        ? leaveAlone(surveyed.state)
        : changeFor(surveyed.state, { mode: own.mode, release, images: request.images, redefine, at });
    return { survey: surveyed, mode: own, change };
  });
  const steps = choices.flatMap(({ change, ...choice }): readonly Step[] => {
    if (change.kind === 'refused') return [];
    if (change.kind === 'keep') return [{ ...choice, change, lend: {} }];
    const { deployment, ledger } = choice.survey.state;
    const limits = choice.mode.mode === 'rollback' ? request.rollbackLimits : request.limits;
    const { fields, unmet, remarks } = limitFields(deployment, ownFields(deployment, ledger.loan), limits);
    return [{ ...choice, change: { ...change, warnings: [...change.warnings, ...unmet] }, lend: fields, remarks }];
  });
  const refusals = choices.flatMap(({ survey: { ref, ledgerProblem }, change }) =>
    change.kind === 'refused'
      ? [{ reasonCode: change.reasonCode, message: `${nameOf(ref)}: ${change.message}${without(ledgerProblem)}` }]
      : [],
  );
  const [first] = refusals;
  if (first)
    return refuse(
      first.reasonCode,
      refusals.map(({ message }) => message),
    );
  const staged = canarySteps(steps, release, request);
  if (staged.problems.length > 0) return refuse('preflight-refused', staged.problems);
  return {
    kind: 'ready',
    release,
    passedOver,
    mode: heldMode(mode, release, staged.steps),
    steps: staged.steps,
    surveys,
  };
}

/** A canary that goes on says so, and not that its rollout is not complete; it comes from what it stands beside. */
function heldMode(mode: DecidedMode, release: string, steps: readonly Step[]): DecidedMode {
  const held = steps.find(({ canary, change }) => canary && change.kind === 'keep');
  const { canary, known } = held?.survey.state ?? {};
  if (!held || !canary) return mode;
  return {
    ...{ ...mode, reason: held.mode.reason },
    versionChange: versionChange(canary.from, release),
    direction: directionTo(release, canary.from, known ?? []),
  };
}

/** What a log says of a train's limits, with the workloads' names. */
export function remarksOf({ steps }: Train): readonly string[] {
  return steps.flatMap(({ survey: { state }, remarks = [] }) =>
    remarks.map((remark) => `${state.workload}: ${remark}`),
  );
}

/** What the input images may name on a workload. */
export function imageTarget({ ref: { name }, state }: Survey): ImageTarget {
  return { name, template: state.live.template };
}

async function surveyAll(ports: SurveyPorts, refs: readonly WorkloadRef[]): Promise<readonly Survey[]> {
  const settled = await Promise.allSettled(refs.map((ref) => survey(ports, ref)));
  const failures = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const [first] = failures;
  if (failures.length > 1 && failures.every((failure) => failure instanceof ClusterError)) {
    const messages = new Set(failures.map(({ message }) => message));
    throw new ClusterError(failures[0]?.kind ?? 'rejected', [...messages].join('\n'));
  }
  if (first) throw first;
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Whoever speaks of a held canary says what is to be done. */
const DEMANDED = { promote: 'deploy', abort: 'rollback' } as const;

function decideMode(state: WorkloadState, { held, requested }: TrainRequest, wanted: string): ModeDecision {
  return calculateMode({ ...situationOf(state), requested: held ? DEMANDED[held] : requested, wanted });
}

function problemOf(surveys: readonly Survey[]): string {
  return without(surveys.find(({ ledgerProblem }) => ledgerProblem !== undefined)?.ledgerProblem);
}

/** Without its ledger, a workload knows less than it might. */
function without(ledgerProblem: string | undefined): string {
  return ledgerProblem === undefined ? '' : `; its ledger could not be read: ${ledgerProblem}`;
}
