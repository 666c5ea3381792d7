import type { Result } from '../result.ts';

/** Whether the API server kept us from seeing how a rollout went that had begun. */
export function wasUnseen({ changed, reasonCode }: Result): boolean {
  return changed && reasonCode.startsWith('cluster-');
}

/** Whether the release is live, and only a check could not tell how it does. */
export function isUndecided({ reasonCode }: Pick<Result, 'reasonCode'>): boolean {
  return reasonCode === 'check-inconclusive' || reasonCode === 'check-error';
}
