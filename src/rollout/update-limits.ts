import type { Deployment } from './objects.ts';

/** How pods are to be replaced, in the words of the Compose specification's `update_config`. */
export interface UpdateLimits {
  /** Pods at a time; 0 for all at once. */
  readonly parallelism?: number;
  readonly delayMs?: number;
  readonly order?: 'start-first' | 'stop-first';
}

/**
 * What is asked for and not what the Deployment's own strategy does: a sentence for each key. The strategy decides, since
 * Compose's keys are not written into the Deployment.
 */
export function unmetLimits({ spec }: Deployment, asked: UpdateLimits): readonly string[] {
  const { maxSurge = 0, maxUnavailable = 0 } = spec.strategy?.rollingUpdate ?? {};
  const recreates = spec.strategy?.type === 'Recreate';
  const own = recreates ? 'strategy Recreate' : `maxSurge ${maxSurge}, maxUnavailable ${maxUnavailable}`;
  const order = recreates || isNone(maxSurge) ? 'stop-first' : isNone(maxUnavailable) ? 'start-first' : undefined;
  const size = recreates ? 0 : order === 'stop-first' ? maxUnavailable : order === 'start-first' ? maxSurge : undefined;
  const all = size === 0 || size === '100%' || size === (spec.replicas ?? 1);
  const met = {
    parallelism: asked.parallelism === undefined || size === asked.parallelism || (asked.parallelism === 0 && all),
    delay: asked.delayMs === undefined || asked.delayMs === (spec.minReadySeconds ?? 0) * 1000,
    order: asked.order === undefined || asked.order === order,
  };
  const about = {
    parallelism: `parallelism: ${asked.parallelism}`,
    delay: `delay: ${(asked.delayMs ?? 0) / 1000}s`,
    order: `order: ${asked.order}`,
  };
  return (['parallelism', 'delay', 'order'] as const)
    .filter((key) => !met[key])
    .map((key) => {
      const does = key === 'delay' ? `minReadySeconds ${spec.minReadySeconds ?? 0}` : own;
      return `update-config ${about[key]} is not applied: the Deployment's own ${does} decides`;
    });
}

function isNone(value: number | string): boolean {
  return value === 0 || value === '0%';
}
