import type { ControlPlane } from '../controllers/control-plane.ts';
import { resources } from '../model/resource.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { runContainer } from './container-life.ts';
import type { ImageScript } from './image-script.ts';
import { missingVolume } from './missing-config.ts';
import { creatingStatus, podStatus, scheduledStatus, unscheduledStatus } from './pod-status.ts';
import { whyUnschedulable } from './scheduling.ts';

/** How long things take, in milliseconds of cluster time. */
export interface KubeletTimings {
  readonly scheduleMs: number;
  readonly startMs: number;
  readonly readyMs: number;
  readonly stopMs: number;
  /** The first wait of CrashLoopBackOff and of ImagePullBackOff; it doubles each time, up to five minutes. */
  readonly backOffMs: number;
}

export const fastTimings: KubeletTimings = { scheduleMs: 1, startMs: 5, readyMs: 10, stopMs: 5, backOffMs: 100 };

const nodeName = 'sandbox';

interface Worker {
  readonly timers: Set<() => void>;
  readonly containers: Map<string, ContainerStatus>;
  stopping: boolean;
}

/** A scheduler and one node's kubelet: pods are bound, their containers live as the image script says, and end. */
export const startKubelet = (
  plane: ControlPlane,
  store: ObjectStore,
  images: ImageScript,
  timings: KubeletTimings,
): { readonly stop: () => void } => {
  const { registry, clock, recordEvent, remove } = plane;
  const workers = new Map<string, Worker>();

  const stopWorker = (uid: string): void => {
    for (const cancel of workers.get(uid)?.timers ?? []) cancel();
    workers.delete(uid);
  };

  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    if (resource !== resources.pods) return;
    const { uid, deletionTimestamp } = object.metadata;
    const worker = workers.get(uid);
    if (type === 'DELETED') stopWorker(uid);
    else if (type === 'ADDED') accept(object as Pod);
    else if (deletionTimestamp !== undefined && worker?.stopping === false) stopPod(worker, object as Pod);
  });

  const accept = (pod: Pod): void => {
    const worker: Worker = { timers: new Set(), containers: new Map(), stopping: false };
    workers.set(pod.metadata.uid, worker);
    after(worker, timings.scheduleMs, () => schedule(worker, pod));
  };

  const schedule = (worker: Worker, pod: Pod): void => {
    const message = whyUnschedulable(pod, images);
    if (message !== undefined) {
      saveStatus(pod, unscheduledStatus(clock, message));
      recordEvent('default-scheduler', pod, { type: 'Warning', reason: 'FailedScheduling', message });
      return;
    }
    registry.update(
      targetOf(resources.pods, pod),
      (current) => ({ ...current, spec: { ...(current as Pod).spec, nodeName } }),
      { manager: 'kube-scheduler' },
    );
    saveStatus(pod, scheduledStatus(clock, pod));
    const assigned = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`;
    recordEvent('default-scheduler', pod, { type: 'Normal', reason: 'Scheduled', message: assigned });
    for (const container of pod.spec.containers) worker.containers.set(container.name, creatingStatus(container));
    saveContainers(worker, pod);
    after(worker, timings.startMs, () => mountAndStart(worker, pod));
  };

  const mountAndStart = (worker: Worker, pod: Pod): void => {
    const message = missingVolume(registry, pod);
    if (message === undefined) {
      for (const container of pod.spec.containers) start(worker, pod, container);
      return;
    }
    recordEvent('kubelet', pod, { type: 'Warning', reason: 'FailedMount', message });
    after(worker, timings.backOffMs, () => mountAndStart(worker, pod));
  };

  const start = (worker: Worker, pod: Pod, container: Container): void =>
    runContainer({
      plane,
      images,
      timings,
      pod,
      container,
      after: (ms, action) => after(worker, ms, action),
      status: () => worker.containers.get(container.name) ?? creatingStatus(container),
      keep: (status) => worker.containers.set(container.name, status),
      report: (status) => {
        worker.containers.set(container.name, status);
        saveContainers(worker, pod);
      },
    });

  const saveContainers = (worker: Worker, pod: Pod): void => {
    const current = registry.get(targetOf(resources.pods, pod)) as Pod;
    saveStatus(pod, podStatus(clock, current, [...worker.containers.values()]));
  };

  const saveStatus = (pod: Pod, status: Pod['status']): void => {
    registry.update(targetOf(resources.pods, pod), (now) => ({ ...now, status }), {
      manager: 'kubelet',
      subresource: 'status',
    });
  };

  const stopPod = (worker: Worker, pod: Pod): void => {
    worker.stopping = true;
    for (const cancel of worker.timers) cancel();
    for (const { name } of pod.spec.containers)
      recordEvent('kubelet', pod, { type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` });
    after(worker, timings.stopMs, () => remove(targetOf(resources.pods, pod), { gracePeriodSeconds: 0 }));
  };

  const after = (worker: Worker, ms: number, action: () => void): void => {
    const cancel = clock.after(ms, () => {
      worker.timers.delete(cancel);
      action();
    });
    worker.timers.add(cancel);
  };

  return {
    stop: () => {
      unsubscribe();
      for (const uid of [...workers.keys()]) stopWorker(uid);
    },
  };
};
