import type { ClusterClock } from '../cluster-clock.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Registry } from '../registry/registry.ts';

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

/** Writes `v1` Events; one that repeats only counts up, as client-go's recorder does. */
export const createEventRecorder =
  (registry: Registry, clock: ClusterClock) =>
  (component: string, about: KubeObject, { type, reason, message, fieldPath }: EventText): void => {
    const { name, namespace = '', uid, resourceVersion } = about.metadata;
    const eventName = `${name}.${fingerprint(`${uid}/${reason}/${message}`)}`;
    const target = { resource: resources.events, namespace, name: eventName };
    const timestamp = clock.timestamp();
    if (registry.find(target) !== undefined) {
      registry.update(target, (current) => ({ ...current, ...seenAgain(current as RecordedEvent, timestamp) }), {
        manager: component,
      });
      return;
    }
    if (registry.find({ resource: resources.namespaces, namespace: '', name: namespace }) === undefined) return;
    const { apiVersion, kind } = about;
    const event = {
      metadata: { name: eventName },
      involvedObject: { kind, namespace, name, uid, apiVersion, resourceVersion, ...(fieldPath ? { fieldPath } : {}) },
      type,
      reason,
      message,
      reportingComponent: component,
      ...(component === scheduler ? byNewApi(reason, timestamp) : byOldApi(component, timestamp)),
    };
    registry.create(resources.events, namespace, event, { manager: component });
  };

/** 64 bits of FNV-1a as hexadecimal. */
const fingerprint = (text: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
};
