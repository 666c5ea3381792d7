import type { Cluster } from '../ports.ts';
import type { ClusterEvent } from '../rollout/objects.ts';
import type { Requests } from './requests.ts';

const PAGE = '500';
const MOST_PAGES = 4;
/** 25 lines of 10 KiB: the server cuts at the end, so this must not meet ordinary lines. */
const MOST_LOG_BYTES = String(256 * 1024);

/** What objects leave behind: events about them, and what their containers wrote. */
export function createTraces(requests: Requests): Pick<Cluster, 'listEvents' | 'readLog'> {
  return {
    // The server selects events by one uid only: of several objects, one list serves all of them.
    async listEvents(namespace, uids, signal) {
      const title = `events in ${namespace}`;
      const subject = { title, verb: 'list', group: '', resource: 'events' } as const;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
      const wanted = new Set(uids);
      const selector = wanted.size === 1 ? { fieldSelector: `involvedObject.uid=${uids[0]}` } : {};
      const found: ClusterEvent[] = [];
      let next = '';
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = { ...selector, limit: PAGE, ...(next !== '' && { continue: next }) };
        const { items, metadata } = (await requests.json({ subject, path, query }, signal)) as EventPage;
        found.push(...(items ?? []).filter(({ involvedObject }) => wanted.has(involvedObject.uid ?? '')));
        next = metadata.continue ?? '';
        if (next === '') break;
      }
      return found;
    },

    async readLog(namespace, { pod, container, previous, lines }, signal) {
      const title = `logs in ${namespace}`;
      const subject = { title, verb: 'get', group: '', resource: 'pods/log' } as const;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      const query = {
        container,
        tailLines: String(lines),
        limitBytes: MOST_LOG_BYTES,
        ...(previous && { previous: 'true' }),
      };
      const text = await requests.text({ subject, path, query, accept: '*/*' }, signal);
      return text ? text.replace(/\n$/, '').split('\n').slice(-lines).filter(isOfContainer) : [];
    },
  };
}

/** Kubelets say in the log's place, with 200, that it is gone (pkg/kubelet/kuberuntime, kuberuntime_container.go). */
function isOfContainer(line: string): boolean {
  return !/^(unable to retrieve container logs for \w+:\/\/|failed to try resolving symlinks in path ")/.test(line);
}

interface EventPage {
  readonly items: readonly ClusterEvent[] | null;
  readonly metadata: { readonly continue?: string };
}
