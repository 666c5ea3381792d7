import type { Deployment, Pod } from '../../cluster/model/workload-objects.ts';
import type { ApiAccess } from '../../desk/api-client.ts';
import { watch } from '../../desk/watch.ts';

/** What a namespace with one Deployment holds at a moment. */
export interface Sight {
  /** On the clock of `performance.now()`. */
  readonly at: number;
  readonly deployment: Deployment | undefined;
  readonly pods: readonly Pod[];
}

/** Watches the Deployments and pods of a whole cluster: the bench's own eyes, apart from whoever is measured. */
export interface Observatory {
  /** Shows what a namespace holds now, and again whenever it changes, until called off. */
  readonly follow: (namespace: string, each: (sight: Sight) => void) => () => void;
  readonly close: () => void;
}

interface Place {
  readonly pods: Map<string, Pod>;
  readonly followers: Set<(sight: Sight) => void>;
  deployment: Deployment | undefined;
}

/** Opens two watches, which last for an hour. */
export function openObservatory(access: ApiAccess): Observatory {
  const places = new Map<string, Place>();
  const placeOf = (namespace: string): Place => {
    const place = places.get(namespace) ?? { pods: new Map(), followers: new Set(), deployment: undefined };
    places.set(namespace, place);
    return place;
  };
  const show = (place: Place) => {
    const sight = sightOf(place);
    for (const each of place.followers) each(sight);
  };
  const closeDeployments = watch<Deployment>(access, '/apis/apps/v1/deployments', (deployment, type) => {
    const place = placeOf(deployment.metadata.namespace ?? '');
    place.deployment = type === 'DELETED' ? undefined : deployment;
    show(place);
  });
  const closePods = watch<Pod>(access, '/api/v1/pods', (pod, type) => {
    const place = placeOf(pod.metadata.namespace ?? '');
    if (type === 'DELETED') place.pods.delete(pod.metadata.uid);
    else place.pods.set(pod.metadata.uid, pod);
    show(place);
  });
  return {
    follow: (namespace, each) => {
      const place = placeOf(namespace);
      place.followers.add(each);
      each(sightOf(place));
      return () => place.followers.delete(each);
    },
    close: () => {
      closeDeployments();
      closePods();
    },
  };
}

function sightOf({ deployment, pods }: Place): Sight {
  return { at: performance.now(), deployment, pods: [...pods.values()] };
}
