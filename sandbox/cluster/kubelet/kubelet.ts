import type { ControlPlane } from '../controllers/control-plane.ts';
import { resources } from '../model/resource.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Role } from './container-context.ts';
import { runContainer } from './container-life.ts';
import type { ImageScript } from './image-script.ts';
import { missingVolume } from './missing-config.ts';
import { creatingStatus, podStatus, roleOf, scheduledStatus, unscheduledStatus } from './pod-status.ts';
import { place } from './scheduling.ts';
import { createSilentNodes } from './silent-nodes.ts';
import { stoppedStatus } from './stopped-status.ts';

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

interface Worker {
  readonly pod: Pod;
  readonly timers: Set<() => void>;
  readonly containers: Map<string, ContainerStatus>;
  node: string;
  stopping: boolean;
}

export interface Kubelet {
  /** Lets a node's kubelet do nothing, and its containers live on, until it is woken. */
  readonly silence: (node: string) => void;
  readonly wake: (node: string) => void;
  readonly stop: () => void;
}

/** A scheduler and the nodes' kubelets: pods are bound, their containers live as the image script says, and end. */
export const startKubelet = (
  plane: ControlPlane,
  store: ObjectStore,
  images: ImageScript,
  timings: KubeletTimings,
): Kubelet => {
  const { registry, clock, recordEvent, remove } = plane;
  const workers = new Map<string, Worker>();
  const nodes = createSilentNodes();

  const stopWorker = (uid: string): void => {
    for (const cancel of workers.get(uid)?.timers ?? []) cancel();
    workers.delete(uid);
  };

  const unsubscribe = store.subscribe(({ type, resource, object }) => {
    if (resource === resources.nodes) retryUnplaced();
    if (resource !== resources.pods) return;
    const { uid, deletionTimestamp } = object.metadata;
    const worker = workers.get(uid);
    if (type === 'DELETED') stopWorker(uid);
    else if (type === 'ADDED') accept(object as Pod);
    else if (deletionTimestamp !== undefined && worker?.stopping === false) stopPod(worker);
  });

  const accept = (pod: Pod): void => {
    const worker: Worker = { pod, timers: new Set(), containers: new Map(), node: '', stopping: false };
    workers.set(pod.metadata.uid, worker);
    after(worker, timings.scheduleMs, () => schedule(worker));
  };

  /** What fits on no node is looked at again when the nodes change. */
  const retryUnplaced = (): void => {
    for (const worker of workers.values())
      if (worker.node === '' && worker.timers.size === 0) after(worker, timings.scheduleMs, () => schedule(worker));
  };

  const schedule = (worker: Worker): void => {
    const { pod } = worker;
    const placement = place(registry, pod, images);
    if ('message' in placement) {
      const { message } = placement;
      saveStatus(pod, unscheduledStatus(clock, message));
      recordEvent('default-scheduler', pod, { type: 'Warning', reason: 'FailedScheduling', message });
      return;
    }
    const { node: nodeName } = placement;
    worker.node = nodeName;
    registry.update(
      targetOf(resources.pods, pod),
      (current) => ({ ...current, spec: { ...(current as Pod).spec, nodeName } }),
      { manager: 'kube-scheduler' },
    );
    saveStatus(pod, scheduledStatus(clock, pod));
    const assigned = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`;
    recordEvent('default-scheduler', pod, { type: 'Normal', reason: 'Scheduled', message: assigned });
    onNode(worker, () => take(worker));
  };

  const take = (worker: Worker): void => {
    const { pod } = worker;
    for (const container of containersOf(pod)) worker.containers.set(container.name, creatingStatus(container, pod));
    saveContainers(worker);
    after(worker, timings.startMs, () => mountAndStart(worker));
  };

  const mountAndStart = (worker: Worker): void => {
    const { initContainers = [] } = worker.pod.spec;
    const message = missingVolume(registry, worker.pod);
    if (message === undefined) {
      startNext(worker, initContainers);
      return;
    }
    recordEvent('kubelet', worker.pod, { type: 'Warning', reason: 'FailedMount', message });
    after(worker, timings.backOffMs, () => mountAndStart(worker));
  };

  /** Init containers one after the other, then all others at once. */
  const startNext = (worker: Worker, [next, ...rest]: readonly Container[]): void => {
    if (next !== undefined) start(worker, next, roleOf(worker.pod, next.name), () => startNext(worker, rest));
    else for (const container of worker.pod.spec.containers) start(worker, container, 'main', () => {});
  };

  const start = (worker: Worker, container: Container, role: Role, onward: () => void): void => {
    const { pod, node } = worker;
    let gone = false;
    runContainer({
      ...{ plane, images, timings, pod, node, container, role },
      after: (ms, action) => after(worker, ms, action),
      status: () => worker.containers.get(container.name) ?? creatingStatus(container, pod),
      keep: (status) => worker.containers.set(container.name, status),
      report: (status) => {
        worker.containers.set(container.name, status);
        saveContainers(worker);
      },
      passed: () => {
        // A sidecar that is restarted starts nothing a second time.
        if (!gone) onward();
        gone = true;
      },
    });
  };

  const saveContainers = ({ pod, containers }: Worker): void => {
    const current = registry.get(targetOf(resources.pods, pod)) as Pod;
    saveStatus(pod, podStatus(clock, current, [...containers.values()]));
  };

  const saveStatus = (pod: Pod, status: Pod['status']): void => {
    registry.update(targetOf(resources.pods, pod), (now) => ({ ...now, status }), {
      manager: 'kubelet',
      subresource: 'status',
    });
  };

  const stopPod = (worker: Worker): void => {
    const { pod } = worker;
    worker.stopping = true;
    for (const cancel of worker.timers) cancel();
    onNode(worker, () => {
      for (const { name } of pod.spec.containers)
        recordEvent('kubelet', pod, { type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` });
      after(worker, timings.stopMs, () => {
        const current = registry.get(targetOf(resources.pods, pod)) as Pod;
        if (worker.containers.size > 0) saveStatus(pod, stoppedStatus(clock, current, [...worker.containers.values()]));
        after(worker, timings.stopMs, () => remove(targetOf(resources.pods, pod), { gracePeriodSeconds: 0 }));
      });
    });
  };

  const after = (worker: Worker, ms: number, action: () => void): void => {
    const cancel = clock.after(ms, () => {
      worker.timers.delete(cancel);
      onNode(worker, action);
    });
    worker.timers.add(cancel);
  };

  const onNode = ({ node, timers }: Worker, action: () => void): void => nodes.onceUp(node, timers, action);

  return {
    silence: nodes.silence,
    wake: (node) => {
      nodes.wake(node);
      for (const worker of workers.values())
        if (worker.node === node && worker.containers.size > 0) saveContainers(worker);
    },
    stop: () => {
      unsubscribe();
      for (const uid of [...workers.keys()]) stopWorker(uid);
    },
  };
};

const containersOf = ({ spec }: Pod): readonly Container[] => [...(spec.initContainers ?? []), ...spec.containers];
