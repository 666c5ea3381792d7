import type { WorkloadRef } from '../ports.ts';
import type { ImageLine } from '../release/images.ts';
import type { Mode } from '../release/mode.ts';

/** One run's wish: a release for all workloads of a train. */
export interface TrainRequest {
  readonly refs: readonly WorkloadRef[];
  readonly requested: 'auto' | Mode;
  /** Empty for a rollback to the last good release before the live one. */
  readonly release: string;
  readonly images: readonly ImageLine[];
  /** Whether to roll back what a GitOps controller will put forward again. */
  readonly allowGitopsDrift: boolean;
  readonly timeoutMs: number;
  readonly reason: string;
  readonly actor: string;
  readonly runUrl: string;
  /** The event that started the workflow. */
  readonly trigger: string;
}
