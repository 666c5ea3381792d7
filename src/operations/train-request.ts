import type { Trust } from '../gate/trust.ts';
import type { Check, WorkloadRef } from '../ports.ts';
import type { CanarySize } from '../release/canary.ts';
import type { ImageLine } from '../release/images.ts';
import type { Mode } from '../release/mode.ts';
import type { UpdateLimits } from '../rollout/update-limits.ts';
import type { Policy } from '../verdict/policy.ts';

/** One run's wish: a release for all workloads of a train. */
export interface TrainRequest {
  readonly refs: readonly WorkloadRef[];
  readonly requested: 'auto' | Mode;
  /** Empty for a rollback to the last good release before the live one. */
  readonly release: string;
  readonly images: readonly ImageLine[];
  /** Whether to roll back what a GitOps controller will put forward again. */
  readonly allowGitopsDrift: boolean;
  /** Whether pods of a release that is left are deleted where a StatefulSet's controller waits for them in vain. */
  readonly forcedRollback?: boolean;
  /** For the rollout of each attempt, so for an automatic rollback once more. */
  readonly timeoutMs: number;
  readonly update: FailureControl;
  readonly limits: UpdateLimits;
  /** The same for rollbacks, by hand or by themselves. */
  readonly rollbackLimits: UpdateLimits;
  readonly canary?: CanaryRequest | undefined;
  /** Whether it is about the canary that is held, which goes on or is taken back; `release` then is only a guard. */
  readonly held?: 'promote' | 'abort' | undefined;
  /** How a rollback is watched, by hand or by itself: it is never rolled back. */
  readonly rollback: Policy;
  /** Made once the train's release is known, since commands are told of it. */
  readonly checks: (about: ChecksAbout) => Promise<readonly Check[]>;
  readonly reason: string;
  readonly actor: string;
  readonly runUrl: string;
  /** The same for all attempts of a run. */
  readonly runId: string;
  /** How often that run was started, from 1. */
  readonly runAttempt?: number;
  /** The event that started the workflow. */
  readonly trigger: string;
  /** GitHub's name of where the workloads run; empty where nobody said. */
  readonly environment: string;
  /** What the release belongs to at the gate. */
  readonly scope: string;
  /** Whose records count at the gate. */
  readonly trust: Trust;
  /** Whether a release that is left for an earlier one may enter no further environment. */
  readonly blockOnRollback: boolean;
}

/** How far a release may go by itself. */
export interface CanaryRequest {
  /** Empty for what the held canary was begun with. */
  readonly sizes: readonly CanarySize[];
  /** Milliseconds for which each size is held before it goes on by itself; undefined: until a person lets it. */
  readonly holdMs?: number;
  /** How far a canary that is held already may go now. */
  readonly to: 'next' | 'all';
}

/** What makes a release a failure, and what is done about it (the Compose specification's `failure_action`). */
export interface FailureControl {
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  readonly policy: Policy;
}

/** What checks are told of the run. */
export interface ChecksAbout {
  readonly release: string;
  readonly previousRelease: string;
  readonly mode: Mode;
  readonly refs: readonly WorkloadRef[];
  /** Whether only a part of the pods runs the release, so that others answer as well. */
  readonly partly?: boolean;
}
