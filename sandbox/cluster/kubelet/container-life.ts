import { randomBytes } from 'node:crypto';
import type { ControlPlane } from '../controllers/control-plane.ts';
import type { Container, ContainerState, ContainerStatus, Pod } from '../model/workload-objects.ts';
import { type ImageBehaviour, type ImageScript, isValidImageName } from './image-script.ts';
import type { KubeletTimings } from './kubelet.ts';
import { missingConfig } from './missing-config.ts';

export interface ContainerContext {
  readonly plane: ControlPlane;
  readonly images: ImageScript;
  readonly timings: KubeletTimings;
  readonly pod: Pod;
  readonly container: Container;
  /** Runs an action later, unless the pod stops before. */
  readonly after: (ms: number, action: () => void) => void;
  readonly status: () => ContainerStatus;
  /** Holds a status for the next report, without writing it. */
  readonly keep: (status: ContainerStatus) => void;
  /** Writes a status into the pod's. */
  readonly report: (status: ContainerStatus) => void;
}

const longestBackOffMs = 300_000;

/** Starts a container, or says why it cannot start, and keeps it going: reasons and back-offs are the kubelet's. */
export const runContainer = (context: ContainerContext, attempt = 0): void => {
  const { plane, images, container, timings, pod, after } = context;
  const { image } = container;
  const behaviour = images.behaviour(image);
  const missing = missingConfig(plane.registry, pod, container);
  if (!isValidImageName(image)) {
    refuseName(context);
  } else if (behaviour.does === 'not-pull') {
    failPull(context, behaviour.message, attempt);
  } else if (missing !== undefined) {
    wait(context, 'CreateContainerConfigError', missing);
    event(context, 'Warning', 'Failed', `Error: ${missing}`);
    after(timings.backOffMs, () => runContainer(context, attempt));
  } else {
    run(context, behaviour);
  }
};

const run = (context: ContainerContext, behaviour: ImageBehaviour): void => {
  const { plane, timings, after, images, container } = context;
  const created = { imageID: images.imageId(container.image), containerID: newContainerId() };
  const present = 'already present on machine and can be accessed by the pod';
  event(context, 'Normal', 'Pulled', `Container image "${container.image}" ${present}`);
  event(context, 'Normal', 'Created', 'Container created');
  if (behaviour.does === 'exit' && behaviour.reason === 'StartError') {
    failStart(context, behaviour, created);
    return;
  }
  const running = { startedAt: plane.clock.timestamp() };
  report(context, { running }, { ...created, started: true });
  event(context, 'Normal', 'Started', 'Container started');
  const becomeReady = (): void => report(context, { running }, { ready: true });
  if (behaviour.does === 'serve') {
    after(behaviour.readyAfterMs ?? timings.readyMs, becomeReady);
  } else if (behaviour.does === 'exit') {
    const { servesMs } = behaviour;
    if (servesMs !== undefined) after(timings.readyMs, becomeReady);
    after(timings.readyMs + (servesMs ?? 0), () => terminate(context, behaviour, running.startedAt));
  } else {
    const probe = 'Readiness probe failed: HTTP probe failed with statuscode: 404';
    after(timings.readyMs, () => event(context, 'Warning', 'Unhealthy', probe));
  }
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
  report(context, ended, { ready: false, started: false });
  context.after(context.timings.startMs, () => restart(context, ended));
};

/** A container that the runtime cannot start waits in RunContainerError, and its failure is already its last state. */
const failStart = (context: ContainerContext, behaviour: Exit, created: Partial<ContainerStatus>): void => {
  context.keep({ ...context.status(), ...created });
  const ended = terminatedState(context, behaviour, '1970-01-01T00:00:00Z');
  const { message = '' } = behaviour;
  report(context, { waiting: { reason: 'RunContainerError', message } }, { lastState: ended });
  event(context, 'Warning', 'Failed', `Error: ${message}`);
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
  event(context, 'Warning', 'BackOff', `Back-off restarting failed container ${container.name} in pod ${podName}`);
  after(backOffMs, again);
};

const refuseName = (context: ContainerContext): void => {
  const { image } = context.container;
  const repository = image.replace(/[:@].*$/, '');
  const full = repository.includes('/') ? repository : `library/${repository}`;
  const format = /[A-Z]/.test(repository) ? `: repository name (${full}) must be lowercase` : '';
  const cause = `couldn't parse image name "${image}": invalid reference format${format}`;
  const message = `Failed to apply default image tag "${image}": ${cause}`;
  wait(context, 'InvalidImageName', message);
  event(context, 'Warning', 'InspectFailed', message);
  event(context, 'Warning', 'Failed', 'Error: InvalidImageName');
};

/** ErrImagePull and ImagePullBackOff alternate for ever, each repeating the registry's message. */
const failPull = (context: ContainerContext, given: string | undefined, attempt: number): void => {
  const { image } = context.container;
  const attempted = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
  const message = given ?? `${attempted}: ${image}: not found`;
  wait(context, 'ErrImagePull', message);
  event(context, 'Normal', 'Pulling', `Pulling image "${image}"`);
  event(context, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
  event(context, 'Warning', 'Failed', 'Error: ErrImagePull');
  context.after(context.timings.startMs * 2, () => {
    wait(context, 'ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${message}`);
    event(context, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    context.after(backOff(context.timings, attempt), () => runContainer(context, attempt + 1));
  });
};

const backOff = ({ backOffMs }: KubeletTimings, attempt: number): number =>
  Math.min(backOffMs * 2 ** attempt, longestBackOffMs);

const wait = (context: ContainerContext, reason: string, message: string): void =>
  report(context, { waiting: { reason, message } }, { ready: false, started: false });

const report = (context: ContainerContext, state: ContainerState, change: Partial<ContainerStatus> = {}): void =>
  context.report({ ...context.status(), ...change, state });

const newContainerId = (): string => `containerd://${randomBytes(32).toString('hex')}`;

const event = ({ plane, pod }: ContainerContext, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  plane.recordEvent('kubelet', pod, { type, reason, message });
