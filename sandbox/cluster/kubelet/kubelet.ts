import type { ControlPlane } from '../controllers/control-plane.ts';
import { resources } from '../model/resource.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/deletion.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { runContainer } from './container-life.ts';
import type { ImageScript } from './image-script.ts';
import { pendingStatus, podStatus, unscheduledStatus } from './pod-status.ts';

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

const kubelet = { manager: 'kubelet', subresource: 'status' } as const;
const nodeName = 'sandbox-node';

/** A scheduler and one node's kubelet: pods are bound, their containers live as the image script says, and end. */
export const startKubelet = (
  plane: ControlPlane,
  store: ObjectStore,
  images: ImageScript,
  timings: KubeletTimings,
): { readonly stop: () => void } => {
  const workers = new Map<string, Worker>();

  const stopWorker = (uid: string): void => {
    for (const cancel of workers.get(uid)?.timers ?? []) cancel();
    workers.delete(uid);
  };

  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    if (resource !== resources.pods) return;
    const { uid, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') return stopWorker(uid);
    if (type === 'ADDED') startPod(object as Pod);
    else if (deletionTimestamp !== undefined && workers.get(uid)?.stopping === false) stopPod(object as Pod);
  });

  const startPod = (pod: Pod): void => {
    const worker: Worker = { timers: new Set(), containers: new Map(), stopping: false };
    workers.set(pod.metadata.uid, worker);
    after(worker, timings.scheduleMs, () => schedule(worker, pod));
  };

  const schedule = (worker: Worker, pod: Pod): void => {
    const misfit = pod.spec.containers
      .map(({ image }) => images.behaviour(image))
      .find(({ does }) => does === 'not-fit');
    if (misfit?.does === 'not-fit') {
      const message = misfit.message ?? '0/1 nodes are available: 1 Insufficient cpu.';
      saveStatus(pod, unscheduledStatus(plane.clock, message));
      plane.recordEvent('default-scheduler', pod, { type: 'Warning', reason: 'FailedScheduling', message });
      return;
    }
    plane.registry.update(
      targetOf(resources.pods, pod),
      (current) => ({ ...current, spec: { ...(current as Pod).spec, nodeName } }),
      { manager: 'kube-scheduler' },
    );
    saveStatus(pod, pendingStatus(plane.clock, pod));
    plane.recordEvent('default-scheduler', pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`,
    });
    after(worker, timings.startMs, () => {
      for (const container of pod.spec.containers) start(worker, pod, container);
    });
  };

  const start = (worker: Worker, pod: Pod, container: Container): void =>
    runContainer({
      plane,
      images,
      timings,
      pod,
      container,
      after: (ms, action) => after(worker, ms, action),
      status: () => worker.containers.get(container.name),
      report: (status) => {
        worker.containers.set(container.name, status);
        saveStatus(pod, podStatus(plane.clock, current(pod), [...worker.containers.values()]));
      },
    });

  const current = (pod: Pod): Pod => plane.registry.get(targetOf(resources.pods, pod)) as Pod;

  const saveStatus = (pod: Pod, status: Pod['status']): void => {
    plane.registry.update(targetOf(resources.pods, pod), (now) => ({ ...now, status }), kubelet);
  };

  const stopPod = (pod: Pod): void => {
    const worker = workers.get(pod.metadata.uid);
    if (worker === undefined) return;
    worker.stopping = true;
    for (const cancel of worker.timers) cancel();
    plane.recordEvent('kubelet', pod, {
      type: 'Normal',
      reason: 'Killing',
      message: `Stopping container ${pod.spec.containers[0]?.name}`,
    });
    after(worker, timings.stopMs, () => plane.remove(targetOf(resources.pods, pod), { gracePeriodSeconds: 0 }));
  };

  const after = (worker: Worker, ms: number, action: () => void): void => {
    const cancel = plane.clock.after(ms, () => {
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

interface Worker {
  readonly timers: Set<() => void>;
  readonly containers: Map<string, ContainerStatus>;
  stopping: boolean;
}
