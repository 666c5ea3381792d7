import type { ClusterClock } from '../cluster-clock.ts';
import type { PodTemplate } from '../model/workload-objects.ts';
import type { Remove } from '../registry/deletion.ts';
import type { Registry } from '../registry/registry.ts';
import type { RecordEvent } from './event-recorder.ts';

/** What the controllers and the kubelet work with. */
export interface ControlPlane {
  readonly registry: Registry;
  readonly clock: ClusterClock;
  readonly remove: Remove;
  readonly recordEvent: RecordEvent;
  /** Gives the value of the label `pod-template-hash`; a test may replace it to force a collision. */
  readonly templateHash: (template: PodTemplate, collisionCount: number) => string;
}

/** Every write of the controllers carries this field manager. */
export const controllerManager = { manager: 'kube-controller-manager' } as const;
