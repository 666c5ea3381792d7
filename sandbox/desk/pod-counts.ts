import type { Pod } from '../cluster/model/workload-objects.ts';
import type { ApiAccess, ApiClient } from './api-client.ts';
import { eventually } from './eventually.ts';
import { watch } from './watch.ts';

/** Pods of one template at one moment. */
export interface PodCount {
  /** Not on their way out. */
  readonly existing: number;
  /** Of these, those that serve. */
  readonly ready: number;
  readonly terminating: number;
}

/** All pods of an app at one moment, by the hash of their template. */
export type PodCounts = Readonly<Record<string, PodCount>>;

export interface PodCounting {
  /**
   * What there was at every moment since the last call, beginning with what there was then. Resolves once all that has
   * happened by now was seen.
   */
  readonly take: () => Promise<readonly PodCounts[]>;
  readonly close: () => void;
}

/** Counts the pods of an app from a watch, at each of its events: no moment lies between two samples. */
export async function countPods(
  access: ApiAccess,
  api: ApiClient,
  namespace: string,
  app: string,
): Promise<PodCounting> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const pods = new Map<string, Pod>();
  const seen = new Set<string>();
  let moments: PodCounts[] = [{}];
  const close = watch<Pod>(access, path, (pod, type) => {
    if (pod.metadata.labels?.['app'] !== app) return;
    seen.add(versionOf(pod));
    if (type === 'DELETED') pods.delete(pod.metadata.uid);
    else pods.set(pod.metadata.uid, pod);
    moments.push(countsOf([...pods.values()]));
  });
  const caughtUp = async () => {
    const { items } = await api.json<{ readonly items: readonly Pod[] }>({
      path: `${path}?labelSelector=app%3D${app}`,
    });
    const listed = new Set(items.map(({ metadata }) => metadata.uid));
    return items.every((pod) => seen.has(versionOf(pod))) && [...pods.keys()].every((uid) => listed.has(uid));
  };
  const take = async () => {
    await eventually(`the watch of the pods of ${app}`, caughtUp);
    const taken = moments;
    moments = taken.slice(-1);
    return taken;
  };
  // What was there before is no moment of its own: the watch tells it pod by pod.
  await take();
  return { take, close };
}

function versionOf({ metadata }: Pod): string {
  return `${metadata.uid} ${metadata.resourceVersion}`;
}

function countsOf(pods: readonly Pod[]): PodCounts {
  const groups = Object.groupBy(pods, ({ metadata }) => metadata.labels?.['pod-template-hash'] ?? '');
  return Object.fromEntries(Object.entries(groups).map(([hash, group = []]) => [hash, countOf(group)]));
}

function countOf(pods: readonly Pod[]): PodCount {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ready = staying.filter(({ status }) =>
    status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True'),
  );
  return { existing: staying.length, ready: ready.length, terminating: pods.length - staying.length };
}
