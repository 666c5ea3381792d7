import type { Pod } from '../rollout/objects.ts';
import type { CauseCode } from './cause.ts';
import type { Sign } from './rules.ts';

/** As much of a pod as a verdict keeps. */
export interface PodReference {
  readonly uid: string;
  readonly name: string;
  /** Empty before it is scheduled. */
  readonly node: string;
}

/** One sign of trouble, seen now. */
export interface Signal {
  readonly sign: Sign;
  readonly code: CauseCode;
  /** Undefined where no pod could be made. */
  readonly pod: PodReference | undefined;
  /** Empty where it is no container's. */
  readonly container: string;
  /** How often it was seen on this pod. */
  readonly times: number;
  /** Milliseconds since the epoch: since when it has lasted. */
  readonly since: number;
  /** Words for people, the same for every pod that has this trouble. */
  readonly clause: string;
}

/** A signal before it is known since when it has lasted. */
export type Sighting = Omit<Signal, 'since'>;

/** What one container of a pod shows. */
export type ContainerSighting = Omit<Sighting, 'pod'>;

export function referenceTo({ metadata, spec }: Pod): PodReference {
  return { uid: metadata.uid, name: metadata.name, node: spec?.nodeName ?? '' };
}
