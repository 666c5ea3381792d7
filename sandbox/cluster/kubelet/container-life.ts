import { randomBytes } from 'node:crypto';
import type { ContainerState, ContainerStatus } from '../model/workload-objects.ts';
import { backOff, type ContainerContext, containerEvent, report, wait } from './container-context.ts';
import { failPull, refuseName } from './image-pull.ts';
import { type ImageBehaviour, isValidImageName } from './image-script.ts';
import { missingConfig } from './missing-config.ts';

/** Starts a container, or says why it cannot start, and keeps it going: reasons and back-offs are the kubelet's. */
export const runContainer = (context: ContainerContext, attempt = 0): void => {
  const { plane, images, container, timings, pod, node, after } = context;
  const { image } = container;
  if (!isValidImageName(image)) {
    refuseName(context);
    return;
  }
  const behaviour = images.pull(image, node);
  const missing = missingConfig(plane.registry, pod, container);
  if (behaviour.does === 'not-pull') {
    failPull(context, behaviour.message, attempt, (next) => runContainer(context, next));
  } else if (missing !== undefined) {
    wait(context, 'CreateContainerConfigError', missing);
    containerEvent(context, 'Warning', 'Failed', `Error: ${missing}`);
    after(timings.backOffMs, () => runContainer(context, attempt));
  } else {
    run(context, behaviour);
  }
};

const run = (context: ContainerContext, behaviour: ImageBehaviour): void => {
  const { plane, images, container, role } = context;
  const created = { imageID: images.imageId(container.image), containerID: newContainerId() };
  const present = 'already present on machine and can be accessed by the pod';
  containerEvent(context, 'Normal', 'Pulled', `Container image "${container.image}" ${present}`);
  containerEvent(context, 'Normal', 'Created', 'Container created');
  if (behaviour.does === 'exit' && behaviour.reason === 'StartError') {
    failStart(context, behaviour, created);
    return;
  }
  const running = { startedAt: plane.clock.timestamp() };
  report(context, { running }, { ...created, started: role !== 'init' });
  containerEvent(context, 'Normal', 'Started', 'Container started');
  if (role === 'sidecar') context.passed();
  live(context, behaviour, running);
};

const live = (context: ContainerContext, behaviour: ImageBehaviour, running: { readonly startedAt: string }): void => {
  const { timings, after } = context;
  const becomeReady = (): void => report(context, { running }, { ready: true });
  if (behaviour.does === 'exit' && context.status().restartCount < (behaviour.times ?? Number.POSITIVE_INFINITY)) {
    const { servesMs } = behaviour;
    if (servesMs !== undefined) after(timings.readyMs, becomeReady);
    after(timings.readyMs + (servesMs ?? 0), () => terminate(context, behaviour, running.startedAt));
  } else if (behaviour.does === 'never-ready') {
    after(timings.readyMs, () => unhealthy(context, 'Readiness'));
  } else if (context.role !== 'init') {
    const { readyAfterMs = timings.readyMs, flaps = 0, hangs = false } = behaviour.does === 'serve' ? behaviour : {};
    after(readyAfterMs, becomeReady);
    if (flaps > 0) after(readyAfterMs + flapMs, () => flap(context, running, flaps));
    if (hangs && context.container.livenessProbe !== undefined)
      after(readyAfterMs + timings.readyMs * 10, () => killForLiveness(context, running.startedAt));
  }
};

const flapMs = 60;

const flap = (context: ContainerContext, running: { readonly startedAt: string }, left: number): void => {
  unhealthy(context, 'Readiness');
  report(context, { running }, { ready: false });
  context.after(flapMs, () => {
    report(context, { running }, { ready: true });
    if (left > 1) context.after(flapMs, () => flap(context, running, left - 1));
  });
};

const unhealthy = (context: ContainerContext, probe: 'Readiness' | 'Liveness'): void =>
  containerEvent(context, 'Warning', 'Unhealthy', `${probe} probe failed: HTTP probe failed with statuscode: 404`);

/** A server that ends when it is asked to, as the bed's does, has exit code 0 also then. */
const killForLiveness = (context: ContainerContext, startedAt: string): void => {
  for (const _probe of [1, 2, 3]) unhealthy(context, 'Liveness');
  const { name } = context.container;
  containerEvent(context, 'Normal', 'Killing', `Container ${name} failed liveness probe, will be restarted`);
  terminate(context, { does: 'exit', exitCode: 0 }, startedAt);
};

type Exit = ImageBehaviour & { readonly does: 'exit' };

const terminatedState = (context: ContainerContext, { exitCode, reason, message }: Exit, startedAt: string) => {
  const { containerID = '' } = context.status();
  const told = message === undefined ? {} : { message };
  const why = reason ?? (exitCode === 0 ? 'Completed' : 'Error');
  const finishedAt = context.plane.clock.timestamp();
  return { terminated: { exitCode, reason: why, ...told, startedAt, finishedAt, containerID } };
};

const terminate = (context: ContainerContext, behaviour: Exit, startedAt: string): void => {
  const ended = terminatedState(context, behaviour, startedAt);
  const done = context.role === 'init' && behaviour.exitCode === 0;
  report(context, ended, { ready: done, started: false });
  context.after(context.timings.startMs, () => (done ? context.passed() : restart(context, ended)));
};

/** A container that the runtime cannot start waits in RunContainerError, and its failure is already its last state. */
const failStart = (context: ContainerContext, behaviour: Exit, created: Partial<ContainerStatus>): void => {
  context.keep({ ...context.status(), ...created });
  const ended = terminatedState(context, behaviour, '1970-01-01T00:00:00Z');
  const { message = '' } = behaviour;
  report(context, { waiting: { reason: 'RunContainerError', message } }, { lastState: ended });
  containerEvent(context, 'Warning', 'Failed', `Error: ${message}`);
  context.after(context.timings.startMs, () => restart(context, ended));
};

/** The first restart is immediate; later ones wait in CrashLoopBackOff, doubling each time. */
const restart = (context: ContainerContext, lastState: ContainerState): void => {
  const { container, timings, after, pod } = context;
  const { restartCount } = context.status();
  const again = (): void => {
    context.keep({ ...context.status(), restartCount: restartCount + 1, lastState });
    runContainer(context);
  };
  if (restartCount === 0) {
    again();
    return;
  }
  const backOffMs = backOff(timings, restartCount - 1);
  const podName = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const seconds = Math.ceil(backOffMs / 1000);
  const message = `back-off ${seconds}s restarting failed container=${container.name} pod=${podName}`;
  report(context, { waiting: { reason: 'CrashLoopBackOff', message } }, { lastState });
  const words = `Back-off restarting failed container ${container.name} in pod ${podName}`;
  containerEvent(context, 'Warning', 'BackOff', words);
  after(backOffMs, again);
};

const newContainerId = (): string => `containerd://${randomBytes(32).toString('hex')}`;
