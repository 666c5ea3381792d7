import type { ClusterClock } from '../cluster-clock.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Registry } from '../registry/registry.ts';
import { createEventCorrelation } from './event-correlation.ts';

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The container that it is about: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

export type RecordEvent = ReturnType<typeof createEventRecorder>;

interface RecordedEvent extends KubeObject {
  readonly count?: number;
  readonly series?: { readonly count: number };
}

/** It writes by `events.k8s.io`, which `v1` shows without counts and times of its own. */
const scheduler = 'default-scheduler';

const byNewApi = (reason: string, timestamp: string) => ({
  action: reason === 'Scheduled' ? 'Binding' : 'Scheduling',
  reportingInstance: `${scheduler}-sandbox`,
  source: {},
  eventTime: timestamp.replace('Z', '.000000Z'),
});

const byOldApi = (component: string, timestamp: string) => ({
  reportingInstance: '',
  source: { component },
  firstTimestamp: timestamp,
  lastTimestamp: timestamp,
  count: 1,
});

const seenAgain = ({ count, series }: RecordedEvent, timestamp: string) =>
  count === undefined
    ? { series: { count: (series?.count ?? 1) + 1, lastObservedTime: timestamp.replace('Z', '.000000Z') } }
    : { count: count + 1, lastTimestamp: timestamp };

/** Writes `v1` Events; one that repeats only counts up, and what is said too often is combined or dropped, as by client-go. */
export const createEventRecorder = (registry: Registry, clock: ClusterClock) => {
  const correlate = createEventCorrelation(clock);
  return (component: string, about: KubeObject, { type, reason, message, fieldPath }: EventText): void => {
    const { name, namespace = '', uid, resourceVersion } = about.metadata;
    const said = { about: `${component}/${uid}`, type, reason, message };
    // The new API has series instead.
    const correlated = component === scheduler ? { key: `${uid}/${reason}/${message}`, message } : correlate(said);
    if (correlated === undefined) return;
    const eventName = `${name}.${fingerprint(correlated.key)}`;
    const target = { resource: resources.events, namespace, name: eventName };
    const timestamp = clock.timestamp();
    if (registry.find(target) !== undefined) {
      const again = (current: KubeObject) => ({
        ...current,
        ...seenAgain(current as RecordedEvent, timestamp),
        message: correlated.message,
      });
      registry.update(target, again, { manager: component });
      return;
    }
    if (registry.find({ resource: resources.namespaces, namespace: '', name: namespace }) === undefined) return;
    const { apiVersion, kind } = about;
    const event = {
      metadata: { name: eventName },
      involvedObject: { kind, namespace, name, uid, apiVersion, resourceVersion, ...(fieldPath ? { fieldPath } : {}) },
      type,
      reason,
      message: correlated.message,
      reportingComponent: component,
      ...(component === scheduler ? byNewApi(reason, timestamp) : byOldApi(component, timestamp)),
    };
    registry.create(resources.events, namespace, event, { manager: component });
  };
};

/** 64 bits of FNV-1a as hexadecimal. */
const fingerprint = (text: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
};
