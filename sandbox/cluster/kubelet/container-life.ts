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
  readonly status: () => ContainerStatus | undefined;
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
    const cause = `couldn't parse image name "${image}": invalid reference format: repository name must be lowercase`;
    wait(context, 'InvalidImageName', `Failed to apply default image tag "${image}": ${cause}`);
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
  const { plane, timings, after } = context;
  if (behaviour.does === 'exit' && behaviour.reason === 'StartError') {
    terminate(context, behaviour);
    return;
  }
  const running = { startedAt: plane.clock.timestamp() };
  const becomeReady = (): void => report(context, { running }, { ready: true, started: true });
  report(context, { running }, { started: true, containerID: newContainerId() });
  event(context, 'Normal', 'Started', 'Container started');
  if (behaviour.does === 'serve') {
    after(behaviour.readyAfterMs ?? timings.readyMs, becomeReady);
  } else if (behaviour.does === 'exit') {
    const { servesMs } = behaviour;
    if (servesMs !== undefined) after(timings.readyMs, becomeReady);
    after(timings.readyMs + (servesMs ?? 0), () => terminate(context, behaviour));
  } else {
    const probe = 'Readiness probe failed: HTTP probe failed with statuscode: 404';
    after(timings.readyMs, () => event(context, 'Warning', 'Unhealthy', probe));
  }
};

const terminate = (context: ContainerContext, behaviour: ImageBehaviour & { does: 'exit' }): void => {
  const { exitCode, reason = exitCode === 0 ? 'Completed' : 'Error', message } = behaviour;
  const { state, containerID = newContainerId(), restartCount } = statusOf(context);
  const finishedAt = context.plane.clock.timestamp();
  const startedAt = 'running' in state ? state.running.startedAt : finishedAt;
  const told = message === undefined ? {} : { message };
  const terminated = { exitCode, reason, ...told, startedAt, finishedAt, containerID };
  report(context, { terminated }, { ready: false, started: false, containerID });
  context.after(context.timings.startMs, () => restart(context, restartCount, { terminated }));
};

/** The first restart is immediate; later ones wait in CrashLoopBackOff, doubling each time. */
const restart = (context: ContainerContext, restartCount: number, lastState: ContainerState): void => {
  const { container, timings, after, pod } = context;
  const again = (): void => {
    context.report({ ...statusOf(context), ready: false, restartCount: restartCount + 1, lastState });
    runContainer(context);
  };
  if (restartCount === 0) {
    again();
    return;
  }
  const backOffMs = backOff(timings, restartCount - 1);
  const { name, namespace, uid } = pod.metadata;
  const subject = `restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  const message = `back-off ${Math.ceil(backOffMs / 1000)}s ${subject}`;
  report(context, { waiting: { reason: 'CrashLoopBackOff', message } }, { lastState });
  event(context, 'Warning', 'BackOff', `Back-off ${subject}`);
  after(backOffMs, again);
};

/** ErrImagePull and ImagePullBackOff alternate for ever, each repeating the registry's message. */
const failPull = (context: ContainerContext, given: string | undefined, attempt: number): void => {
  const { image } = context.container;
  const message =
    given ?? `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  wait(context, 'ErrImagePull', message);
  event(context, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
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
  context.report({ ...statusOf(context), ...change, state });

const statusOf = ({ status, container, images }: ContainerContext): ContainerStatus =>
  status() ?? {
    name: container.name,
    image: container.image,
    imageID: images.behaviour(container.image).does === 'not-pull' ? '' : images.imageId(container.image),
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
  };

const newContainerId = (): string => `containerd://${randomBytes(32).toString('hex')}`;

const event = ({ plane, pod }: ContainerContext, type: 'Normal' | 'Warning', reason: string, message: string): void =>
  plane.recordEvent('kubelet', pod, { type, reason, message });
