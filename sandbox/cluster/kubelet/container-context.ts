import type { ControlPlane } from '../controllers/control-plane.ts';
import type { Container, ContainerState, ContainerStatus, Pod } from '../model/workload-objects.ts';
import type { ImageScript } from './image-script.ts';
import type { KubeletTimings } from './kubelet.ts';

/** What a container is to its pod; `sidecar` is an init container that is always restarted. */
export type Role = 'main' | 'init' | 'sidecar';

/** One container of one pod, and how to report of it. */
export interface ContainerContext {
  readonly plane: ControlPlane;
  readonly images: ImageScript;
  readonly timings: KubeletTimings;
  readonly pod: Pod;
  readonly node: string;
  readonly container: Container;
  readonly role: Role;
  /** Runs an action later, unless the pod stops before. */
  readonly after: (ms: number, action: () => void) => void;
  readonly status: () => ContainerStatus;
  /** Holds a status for the next report, without writing it. */
  readonly keep: (status: ContainerStatus) => void;
  /** Writes a status into the pod's. */
  readonly report: (status: ContainerStatus) => void;
  /** Says that what comes after this container in its pod may start: it has ended well, or as a sidecar has started. */
  readonly passed: () => void;
}

const longestBackOffMs = 300_000;

/** The wait before an attempt, counted from 0. */
export const backOff = ({ backOffMs }: KubeletTimings, attempt: number): number =>
  Math.min(backOffMs * 2 ** attempt, longestBackOffMs);

/** Reports that a container waits, and why. */
export const wait = (context: ContainerContext, reason: string, message: string): void =>
  report(context, { waiting: { reason, message } }, { ready: false, started: false });

/** Reports a container's state, and what else has changed of its status. */
export const report = (context: ContainerContext, state: ContainerState, change: Partial<ContainerStatus> = {}): void =>
  context.report({ ...context.status(), ...change, state });

/** Records an event about a container. */
export const containerEvent = (
  { plane, pod, container, role }: ContainerContext,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void => {
  const fieldPath = `spec.${role === 'main' ? 'containers' : 'initContainers'}{${container.name}}`;
  plane.recordEvent('kubelet', pod, { type, reason, message, fieldPath });
};
