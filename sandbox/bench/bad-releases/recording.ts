import type { Deployment, Pod } from '../../cluster/model/workload-objects.ts';
import type { Glance } from './course.ts';
import type { Observatory, Sight } from './observatory.ts';

const hash = 'pod-template-hash';

/** What happens in a namespace from now on; what serves there now is the old release. */
export interface Recording {
  readonly glances: readonly Glance[];
  /** Resolves with the time at which the pods of the new release were first seen to be so. */
  readonly firstSeen: (is: (pods: readonly Pod[]) => boolean) => Promise<number>;
  readonly stop: () => void;
}

/** Begins to record a namespace that holds one Deployment, all of whose serving pods are of one release. */
export function record(observatory: Observatory, namespace: string): Recording {
  const glances: Glance[] = [];
  const lookouts = new Set<(sight: Sight) => void>();
  let old: { readonly images: string; readonly hash: string } | undefined;
  const isNew = ({ metadata }: Pod) => metadata.labels?.[hash] !== old?.hash;
  const stop = observatory.follow(namespace, (sight) => {
    const { at, deployment, pods } = sight;
    if (!deployment) return;
    const serving = pods.filter(serves);
    old ??= { images: imagesOf(deployment), hash: serving[0]?.metadata.labels?.[hash] ?? '' };
    const fresh = serving.filter(isNew).length;
    const wants = imagesOf(deployment) === old.images ? 'old' : 'new';
    glances.push({ at, wants, old: serving.length - fresh, new: fresh });
    for (const look of lookouts) look({ ...sight, pods: pods.filter(isNew) });
  });
  return {
    glances,
    stop,
    firstSeen: (is) =>
      new Promise((resolve) => {
        const look = ({ at, pods }: Sight) => {
          if (!is(pods)) return;
          lookouts.delete(look);
          resolve(at);
        };
        lookouts.add(look);
      }),
  };
}

function imagesOf({ spec }: Deployment): string {
  const { containers, initContainers = [] } = spec.template.spec;
  return [...initContainers, ...containers].map(({ name, image }) => `${name}=${image}`).join('\n');
}

/** Ready and not being deleted: available, where nothing asks for more seconds of readiness. */
function serves({ metadata, status }: Pod): boolean {
  const ready = status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return ready === true && metadata.deletionTimestamp === undefined;
}
