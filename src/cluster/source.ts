import { ClusterError } from '../errors.ts';
import type { Following, ObjectList } from '../ports.ts';
import type { KubernetesObject } from '../rollout/objects.ts';
import type { Source } from './follow.ts';
import type { Requests } from './requests.ts';
import type { Subject } from './subject.ts';
import { type WatchEvent, watchStream } from './watch-stream.ts';
import { appsPath, revisionsSubject, SERVED_KINDS, workloadSubject } from './workload-kinds.ts';

// The server sends a bookmark about every minute.
const SILENCE_MS = 90_000;
const WATCH_SECONDS = '300';

/** Lists and watches what `following` names with the fewest rights: one object by name needs `get`, not `list`. */
export function sourceOf<T extends KubernetesObject>(requests: Requests, following: Following): Source<T> {
  const { path, selector, subject, translate } = served(following);

  async function list(signal: AbortSignal): Promise<ObjectList<T>> {
    if (following.resource !== 'workload') {
      const answer = await requests.json({ subject: subject('list'), path, query: selector }, signal);
      return objectList(answer, (object) => translate(object) as T);
    }
    const named = { subject: subject('get'), path: `${path}/${encodeURIComponent(following.ref.name)}` };
    try {
      const object = translate(await requests.json(named, signal)) as T;
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
    if (body === 'expired') yield [{ type: 'ERROR', object: { code: 410 } }];
    else for await (const batch of watchStream<T>(body, SILENCE_MS)) yield batch.map(translated);
  }

  const translated = (event: WatchEvent<T>): WatchEvent<T> =>
    event.type === 'BOOKMARK' || event.type === 'ERROR'
      ? event
      : { type: event.type, object: translate(event.object) as T };

  return { title: subject('watch').title, listsByWatching: following.resource === 'pods', list, watch };
}

/** A list as it came over the wire, each of its objects translated. */
export function objectList<T extends KubernetesObject>(
  answer: unknown,
  translate = (object: unknown) => object as T,
): ObjectList<T> {
  const { items, metadata } = answer as { items: readonly unknown[] | null; metadata: { resourceVersion: string } };
  return { items: (items ?? []).map(translate), resourceVersion: metadata.resourceVersion };
}

interface Served {
  /** Of all objects of the resource in the namespace. */
  readonly path: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly subject: (verb: Subject['verb']) => Subject;
  readonly translate: (object: unknown) => KubernetesObject;
}

function served(following: Following): Served {
  switch (following.resource) {
    case 'workload': {
      const { ref } = following;
      const { resource, toWorkload: translate } = SERVED_KINDS[ref.kind];
      const selector = { fieldSelector: `metadata.name=${ref.name}` };
      const subject = (verb: Subject['verb']) => workloadSubject(ref, verb);
      return { path: appsPath(ref.namespace, resource), selector, subject, translate };
    }
    case 'revisions': {
      const { ref, labelSelector } = following;
      const { revisions, toRevision: translate } = SERVED_KINDS[ref.kind];
      const subject = (verb: Subject['verb']) => revisionsSubject(ref, verb);
      return { path: appsPath(ref.namespace, revisions), selector: { labelSelector }, subject, translate };
    }
    case 'pods': {
      const { namespace, labelSelector } = following;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
      const about = { title: `pods in ${namespace}`, group: '', resource: 'pods' } as const;
      const subject = (verb: Subject['verb']) => ({ ...about, verb });
      return { path, selector: { labelSelector }, subject, translate: (object) => object as KubernetesObject };
    }
  }
}
