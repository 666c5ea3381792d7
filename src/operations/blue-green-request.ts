import type { ServiceRef, Services, WorkloadRef } from '../ports.ts';
import type { Pair } from '../rollout/blue-green.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';

/** One run's wish: a release behind a Service that is switched between two Deployments. */
export interface BlueGreenRequest extends TrainRequest {
  readonly pair: Pair<WorkloadRef>;
  readonly service: ServiceRef;
  /** Another Service, pointed at the idle colour before it is asked. */
  readonly preview?: ServiceRef;
  /** The checks that can be made through the preview Service, before the switch. */
  readonly previewChecks: TrainRequest['checks'];
  /** Milliseconds for which the colour that is left keeps its pods; undefined: nobody takes them. */
  readonly scaleDownDelayMs?: number;
}

export interface BlueGreenPorts extends RollPorts {
  readonly services: Services;
}
