import { ClusterError } from '../errors.ts';
import type { Following, ObjectList } from '../ports.ts';
import type { KubernetesObject } from '../rollout/objects.ts';
import type { Source } from './follow.ts';
import type { Requests } from './requests.ts';
import type { Subject } from './subject.ts';
import { type WatchEvent, watchStream } from './watch-stream.ts';

// The server sends a bookmark about every minute.
const SILENCE_MS = 90_000;
const WATCH_SECONDS = '300';

/** Lists and watches what `following` names with the fewest rights: one object by name needs `get`, not `list`. */
export function sourceOf<T extends KubernetesObject>(requests: Requests, following: Following): Source<T> {
  const { resource, namespace } = following;
  const group = resource === 'pods' ? '' : 'apps';
  const path = `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
  const title =
    resource === 'deployments' ? `deployment ${namespace}/${following.name}` : `${resource} in ${namespace}`;
  const subject = (verb: Subject['verb']): Subject => ({ title, verb, group, resource });
  const selector: Record<string, string> =
    resource === 'deployments'
      ? { fieldSelector: `metadata.name=${following.name}` }
      : { labelSelector: following.labelSelector };

  async function list(signal: AbortSignal): Promise<ObjectList<T>> {
    if (resource !== 'deployments') {
      return objectList<T>(await requests.json({ subject: subject('list'), path, query: selector }, signal));
    }
    const named = { subject: subject('get'), path: `${path}/${encodeURIComponent(following.name)}` };
    try {
      const object = (await requests.json(named, signal)) as T;
      return { items: [object], resourceVersion: object.metadata.resourceVersion };
    } catch (error) {
      if (error instanceof ClusterError && error.kind === 'not-found') return { items: [], resourceVersion: '' };
      throw error;
    }
  }

  async function* watch(version: string | undefined, signal: AbortSignal): AsyncGenerator<readonly WatchEvent<T>[]> {
    const query = {
      ...selector,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: WATCH_SECONDS,
      ...(version !== undefined && { resourceVersion: version }),
    };
    const body = await requests.stream({ subject: subject('watch'), path, query }, signal);
    yield [];
    if (body !== 'expired') yield* watchStream<T>(body, SILENCE_MS);
    else yield [{ type: 'ERROR', object: { code: 410 } }];
  }

  return { title, listsByWatching: resource === 'pods', list, watch };
}

/** A list as it came over the wire. */
export function objectList<T extends KubernetesObject>(answer: unknown): ObjectList<T> {
  const { items, metadata } = answer as { items: readonly T[] | null; metadata: { resourceVersion: string } };
  return { items: items ?? [], resourceVersion: metadata.resourceVersion };
}
