import type { GateReport } from './gate/gate-report.ts';
import type { CanaryReport, PlannedCanary } from './release/canary-report.ts';
import type { Direction, Mode, VersionChange } from './release/mode.ts';
import type { PodFigures } from './release/pod-figures.ts';
import type { RunningPods } from './release/running-pods.ts';
import type { BlueGreenReport } from './rollout/blue-green-report.ts';
import type { StringMap } from './rollout/objects.ts';
import type { Cause, CauseCode } from './verdict/cause.ts';
import type { Evidence } from './verdict/evidence.ts';

/** How a run ended. */
export type Outcome =
  | 'succeeded'
  | 'unchanged'
  | 'planned'
  | 'paused'
  | 'aborted'
  | 'rolled-back'
  | 'rollback-failed'
  | 'failed'
  | 'timed-out'
  | 'superseded'
  | 'blocked'
  | 'cancelled';

/** Why it ended so; a closed list that scripts may match on. */
export type ReasonCode =
  | CauseCode
  | 'rolled-out'
  | 'already-live'
  | 'planned'
  | 'nothing-verified'
  | 'canary-held'
  | 'canary-aborted'
  | 'progress-deadline-exceeded'
  | 'timeout'
  | 'held-up'
  | 'check-failed'
  | 'check-inconclusive'
  | 'check-error'
  | 'train-failed'
  | 'cancelled'
  | 'superseded'
  | 'release-blocked'
  | 'gate-unreadable'
  | 'deleted'
  | 'invalid-input'
  | 'release-unknown'
  | 'release-ambiguous'
  | 'mode-refused'
  | 'no-canary'
  | 'preflight-refused'
  | 'cluster-not-found'
  | 'cluster-forbidden'
  | 'cluster-unauthorized'
  | 'cluster-conflict'
  | 'cluster-unreachable'
  | 'cluster-rejected'
  | 'internal-error';

/** Where the bits of a release came from. */
export type BitsSource = 'images' | 'replica-set' | 'ledger-snapshot' | 'live';

/** One moment of a rollout, for the timeline. `at` is seconds since the watch of its workload began. */
export interface Moment {
  readonly at: number;
  readonly text: string;
}

export interface ImageChange {
  readonly container: string;
  readonly from: string;
  readonly to: string;
}

/** How a workload was taken back by itself. */
export interface AutomaticRollback {
  /** Empty where there was nothing to return to. */
  readonly to: string;
  /** `unhealed`: it is back, and the checks fail there, too. */
  readonly state: 'done' | 'unhealed' | 'failed' | 'unfinished' | 'impossible';
  /** Why its rollout failed; absent where it was not watched, or well. */
  readonly reasonCode?: ReasonCode;
  /** Where it waits for a pod of the release that is left: that pod's name. */
  readonly podInTheWay?: string;
  /** A sentence: how it went, or why it was not possible. */
  readonly message: string;
  /** From the decision to the end. */
  readonly seconds: number;
}

/** How one check of the input `verify` went. */
export interface CheckReport {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'inconclusive' | 'error' | 'not-run';
  /** The last answer, in one line. Foreign text. */
  readonly message: string;
  readonly passes: number;
  readonly failures: number;
}

export interface WorkloadResult {
  /** `deployment/web` */
  readonly workload: string;
  readonly namespace: string;
  readonly outcome: Outcome;
  readonly reasonCode: ReasonCode;
  /** One sentence: what happened to this workload, and what to do if it went wrong. */
  readonly message: string;
  readonly mode: Mode;
  readonly release: string;
  /** Empty where what was live has no name beyond doubt; `previousLabel` then shows its images. */
  readonly previousRelease: string;
  readonly previousLabel: string;
  readonly lastAttemptedRelease: string;
  readonly lastGoodRelease: string;
  readonly changed: boolean;
  readonly source: BitsSource;
  /** Kubernetes' own number, shown only: it moves on every undo. Empty where unknown. */
  readonly revision: string;
  readonly previousRevision: string;
  readonly images: StringMap;
  readonly imageChanges: readonly ImageChange[];
  /** Line diff of the template (plan and dry-run), unified, without headers. */
  readonly templateDiff: readonly string[];
  readonly pods: PodFigures;
  /** What disagreed between ledger and cluster, one sentence each. */
  readonly drift: readonly string[];
  /** Who else writes to the workload: `Helm`, `Argo CD`, `Flux`, `HorizontalPodAutoscaler`. */
  readonly owners: readonly string[];
  readonly warnings: readonly string[];
  readonly seconds: number;
  readonly timeline: readonly Moment[];
  /** State of pods that were not ready when the run ended badly, one line each. Foreign text. */
  readonly podStates: readonly string[];
  /** Undefined where it did not fail, or nothing tells why. */
  readonly cause?: Cause;
  readonly evidence?: Evidence;
  readonly rollback?: AutomaticRollback;
  /** Where it waits for a pod of another release: that pod's name. */
  readonly podInTheWay?: string;
  /** Where it was paused half way: which releases have pods, the one of the template first. */
  readonly runs?: readonly RunningPods[];
  /** Undefined where no canary is held. */
  readonly canary?: CanaryReport;
  /** Undefined where nothing is planned, or no canary. */
  readonly plannedCanary?: PlannedCanary;
  /** Where a canary that was held is taken back: what it stood beside was live all the time. */
  readonly leavesCanary?: true;
}

/** Everything about a run; the output `result` is this as JSON. */
export interface Result {
  readonly schemaVersion: 1;
  readonly outcome: Outcome;
  readonly reasonCode: ReasonCode;
  readonly message: string;
  readonly mode: Mode | '';
  /** One sentence: why this mode. */
  readonly modeReason: string;
  readonly versionChange: VersionChange;
  readonly direction: Direction;
  /** Whether it only goes on with a canary that an earlier run began: what accompanies a deploy was done then. */
  readonly goesOn: boolean;
  readonly release: string;
  readonly previousRelease: string;
  readonly lastAttemptedRelease: string;
  readonly lastGoodRelease: string;
  readonly firstDeployment: boolean;
  /** The event that started the workflow, e.g. `workflow_dispatch`. */
  readonly trigger: string;
  readonly actor: string;
  readonly runUrl: string;
  readonly reason: string;
  /** GitHub's name of where the workloads run; empty where nobody said. */
  readonly environment: string;
  readonly scope: string;
  readonly gate: GateReport;
  readonly changed: boolean;
  /** The release that an automatic rollback returned to; empty without one. */
  readonly rolledBackTo: string;
  readonly checks: readonly CheckReport[];
  readonly workloads: readonly WorkloadResult[];
  /** Undefined where no Service is switched. */
  readonly blueGreen?: BlueGreenReport;
}
