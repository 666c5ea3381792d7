import type { Direction, Mode, VersionChange } from './release/mode.ts';
import type { StringMap } from './rollout/objects.ts';

/** How a run ended. */
export type Outcome = 'succeeded' | 'unchanged' | 'planned' | 'failed' | 'timed-out' | 'superseded';

/** Why it ended so; a closed list that scripts may match on. */
export type ReasonCode =
  | 'rolled-out'
  | 'already-live'
  | 'planned'
  | 'nothing-verified'
  | 'progress-deadline-exceeded'
  | 'timeout'
  | 'superseded'
  | 'deleted'
  | 'invalid-input'
  | 'release-unknown'
  | 'release-ambiguous'
  | 'mode-refused'
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

/** One moment of a rollout, for the timeline. `at` is seconds since the run's start. */
export interface Moment {
  readonly at: number;
  readonly text: string;
}

export interface ImageChange {
  readonly container: string;
  readonly from: string;
  readonly to: string;
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
  readonly pods: { readonly desired: number; readonly updated: number; readonly available: number };
  /** What disagreed between ledger and cluster, one sentence each. */
  readonly drift: readonly string[];
  /** Who else writes to the workload: `Helm`, `Argo CD`, `Flux`, `HorizontalPodAutoscaler`. */
  readonly owners: readonly string[];
  readonly warnings: readonly string[];
  readonly seconds: number;
  readonly timeline: readonly Moment[];
  /** State of pods that were not ready when the run ended badly, one line each. Foreign text. */
  readonly podStates: readonly string[];
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
  readonly changed: boolean;
  readonly workloads: readonly WorkloadResult[];
}
