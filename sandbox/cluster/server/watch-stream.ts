import type { ClusterClock } from '../cluster-clock.ts';
import { expired, toStatus } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { groupVersion, type Resource } from '../model/resource.ts';
import type { ObjectFilter } from '../model/selectors.ts';
import type { ObjectStore, StoreEvent } from '../store/object-store.ts';
import type { ApiOutgoing } from './listener.ts';

export interface WatchQuery {
  readonly resource: Resource;
  readonly namespace: string;
  readonly matches: ObjectFilter;
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean;
}

export type Watches = ReturnType<typeof createWatches>;

/** How often a watch that allows bookmarks is told how far it has come, in milliseconds; the API server takes a minute. */
const bookmarkEveryMs = 1000;

/** Serves watches as lines of JSON, and lets a test close, expire or silence them. */
export const createWatches = (store: ObjectStore, clock: ClusterClock) => {
  const open = new Set<{ readonly send: (line: object) => void; readonly end: () => void }>();
  let silent = false;

  const serve = (response: ApiOutgoing, query: WatchQuery): void => {
    const send = (line: object): void => {
      if (!silent) response.write(`${JSON.stringify(line)}\n`);
    };
    const bookmark = (annotations?: object): void => send(bookmarkOf(query.resource, store.revision(), annotations));
    const watch = {
      send,
      end: (): void => {
        stop();
        response.end();
      },
    };
    const ticker = query.bookmarks ? setInterval(bookmark, bookmarkEveryMs) : undefined;
    const cancelTimeout = clock.after(query.timeoutSeconds * 1000, watch.end);
    const unsubscribe = store.subscribe((event) => {
      const line = lineFor(query, event);
      if (line !== undefined) send(line);
    });
    const stop = (): void => {
      clearInterval(ticker);
      cancelTimeout();
      unsubscribe();
      open.delete(watch);
    };
    open.add(watch);
    response.on('close', stop);
    response.flushHeaders();
    begin(query, send, bookmark, watch.end);
  };

  const begin = (
    query: WatchQuery,
    send: (line: object) => void,
    bookmark: (annotations?: object) => void,
    end: () => void,
  ): void => {
    const from = Number(query.resourceVersion);
    const { resource, namespace, matches } = query;
    if (query.sendInitialEvents || query.resourceVersion === '' || from === 0) {
      for (const object of store.list(resource, namespace).filter(matches)) send({ type: 'ADDED', object });
      // The API server marks the end for whoever takes bookmarks, also where no streamed list was asked for.
      if (query.sendInitialEvents || query.bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
    } else if (from < store.compacted()) {
      send({ type: 'ERROR', object: toStatus(expired(from, store.compacted())) });
      end();
    } else {
      for (const event of store.since(from)) {
        const line = lineFor(query, event);
        if (line !== undefined) send(line);
      }
    }
  };

  return {
    serve,
    count: (): number => open.size,
    closeAll: (): void => {
      for (const watch of [...open]) watch.end();
    },
    /** Ends every watch the way a server does that has forgotten where it was: ERROR 410, then close. */
    expireAll: (): void => {
      for (const watch of [...open]) {
        watch.send({ type: 'ERROR', object: toStatus(expired(store.compacted(), store.revision())) });
        watch.end();
      }
    },
    /** Keeps connections open but says nothing, like a load balancer that has lost the other side. */
    silence: (on: boolean): void => {
      silent = on;
    },
  };
};

/** An object that begins or ceases to match a selector is ADDED or DELETED to that watch. */
const lineFor = (query: WatchQuery, event: StoreEvent): object | undefined => {
  const { resource, namespace, matches } = query;
  const { type, object, previous } = event;
  if (event.resource !== resource) return undefined;
  if (namespace !== '' && object.metadata.namespace !== namespace) return undefined;
  const did = previous !== undefined && matches(previous);
  const does = type !== 'DELETED' && matches(object);
  if (does) return { type: did ? 'MODIFIED' : 'ADDED', object };
  return did ? { type: 'DELETED', object } : undefined;
};

const bookmarkOf = (resource: Resource, revision: number, annotations?: object): object => ({
  type: 'BOOKMARK',
  object: {
    kind: resource.kind,
    apiVersion: groupVersion(resource),
    metadata: {
      resourceVersion: String(revision),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    },
  } as unknown as KubeObject,
});
