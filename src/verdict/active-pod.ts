import type { Pod } from '../rollout/objects.ts';
import { isFinished, isReady } from '../rollout/pods.ts';

/**
 * As the controllers count them: a pod that failed, was evicted or is leaving is replaced, and says nothing. One that its
 * node ends, since it shuts down or lacks something, still runs for a while.
 */
export function isActive(pod: Pod): boolean {
  const { conditions = [] } = pod.status ?? {};
  const isDisrupted = conditions.some(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
  const isOver = isFinished(pod) || (isDisrupted && !isReady(pod));
  return !pod.metadata.deletionTimestamp && !isOver;
}
