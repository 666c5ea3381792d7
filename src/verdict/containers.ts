import type { Container, ContainerState, ContainerStatus, Pod } from '../rollout/objects.ts';

/** A container of a pod. An init container ends well with 0; a sidecar, as any other, must run on. */
export interface PodContainer {
  /** The pod's uid and the container's name: what memory is kept by. */
  readonly key: string;
  readonly name: string;
  readonly role: 'container' | 'init container' | 'sidecar container';
  readonly image: string;
  /** Empty without one. */
  readonly memoryLimit: string;
  readonly status: ContainerStatus;
}

export type Ending = NonNullable<ContainerState['terminated']>;

/** The containers of which the kubelet has told, init containers first. Ephemeral ones are nobody's release. */
export function containersOf({ metadata, spec = {}, status = {} }: Pod): readonly PodContainer[] {
  const describe = (container: ContainerStatus, declared: Container | undefined, isInit: boolean): PodContainer => ({
    key: `${metadata.uid}/${container.name}`,
    name: container.name,
    role: isInit ? (declared?.restartPolicy === 'Always' ? 'sidecar container' : 'init container') : 'container',
    image: declared?.image ?? container.image ?? '',
    memoryLimit: declared ? memoryLimit(declared) : '',
    status: container,
  });
  const declaredAs = (containers: readonly Container[] = [], name: string) =>
    containers.find((container) => container.name === name);
  return [
    ...(status.initContainerStatuses ?? []).map((each) =>
      describe(each, declaredAs(spec.initContainers, each.name), true),
    ),
    ...(status.containerStatuses ?? []).map((each) => describe(each, declaredAs(spec.containers, each.name), false)),
  ];
}

/** How the container's latest life ended; undefined in its first one. */
export function lastEnding({ status }: PodContainer): Ending | undefined {
  return status.state?.terminated ?? status.lastState?.terminated;
}

/** What the kubelet waits for after a life that ended, with `restartCount` not yet counting the next one. */
const ENDED: readonly string[] = ['CrashLoopBackOff', 'RunContainerError', 'PostStartHookError'];

/** Whether it has ended by itself and does not run again yet. */
export function isDown({ status: { state = {} } }: PodContainer): boolean {
  const hasEnded = state.terminated !== undefined && !isLoss(state.terminated);
  return hasEnded || ENDED.includes(state.waiting?.reason ?? '');
}

/** Whether nothing more is wanted of it at present: it is ready, or it is an init container that ended well. */
export function hasDoneItsPart({ role, status }: PodContainer): boolean {
  return role === 'init container' ? status.state?.terminated?.exitCode === 0 : status.ready === true;
}

/**
 * How often it ended though it should have run on; an init container, how often it ended badly. Not where its runtime
 * lost it, so many times as are known.
 */
export function crashesOf(container: PodContainer, losses = lossesOf(container)): number {
  const endedWell = container.role === 'init container' && lastEnding(container)?.exitCode === 0;
  if (endedWell) return 0;
  const restarts = Math.max(0, (container.status.restartCount ?? 0) - losses);
  return restarts + (isDown(container) ? 1 : 0);
}

/**
 * How often its runtime lost it, as far as it shows: the kubelet counts that as a restart, and may forget it once the
 * container runs again (kubernetes/kubernetes, pkg/kubelet/kubelet_pods.go, convertToAPIContainerStatuses).
 */
export function lossesOf({ status: { state, lastState } }: PodContainer): number {
  return [state?.terminated, lastState?.terminated].filter(isLoss).length;
}

function isLoss(ending: Ending | undefined): boolean {
  return ending?.reason === 'ContainerStatusUnknown';
}

/** Why its postStart hook fails, of which the container then dies; empty without such an error. */
export function hookErrorOf({ status }: PodContainer): string {
  const { reason, message } = status.state?.waiting ?? {};
  return reason === 'PostStartHookError' ? (message ?? reason) : '';
}

export function isOutOfMemory(ending: Ending | undefined): boolean {
  return ending?.reason === 'OOMKilled';
}

/** Whether the container could not even be started. */
export function isStartError(ending: Ending | undefined): boolean {
  return ending?.reason === 'StartError' || ending?.reason === 'ContainerCannotRun';
}

function memoryLimit(container: Container): string {
  const { resources } = container as { readonly resources?: { readonly limits?: { readonly memory?: string } } };
  return resources?.limits?.memory ?? '';
}
