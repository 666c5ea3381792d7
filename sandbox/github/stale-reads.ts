import type { FakeClock } from './fake-clock.ts';
import type { StoredDeployment } from './records.ts';

/** For how many lists, or for how long, a new deployment is missing from the lists that should show it. */
export interface Staleness {
  readonly reads?: number;
  readonly ms?: number;
}

export interface StaleReads {
  /** From now on new deployments are shown late; 0 ends that. */
  readonly set: (staleness: number | Staleness) => void;
  /** Notes a new deployment. */
  readonly hide: (id: number) => void;
  /** What a list shows of what it should. */
  readonly shown: (deployments: readonly StoredDeployment[]) => readonly StoredDeployment[];
}

/** Replicas that lag behind: a list may lack what was written just now, though it can be read by its id. */
export const createStaleReads = (clock: FakeClock): StaleReads => {
  let staleness: Staleness = {};
  const hidden = new Map<number, { reads: number; until: number }>();
  const isHidden = (id: number): boolean => {
    const entry = hidden.get(id);
    if (!entry) return false;
    entry.reads -= 1;
    if (entry.reads >= 0 || clock.now() < entry.until) return true;
    hidden.delete(id);
    return false;
  };
  return {
    set: (given) => {
      staleness = typeof given === 'number' ? { reads: given } : given;
    },
    hide: (id) => {
      const { reads = 0, ms = 0 } = staleness;
      if (reads > 0 || ms > 0) hidden.set(id, { reads, until: clock.now() + ms });
    },
    shown: (deployments) => (hidden.size === 0 ? deployments : deployments.filter(({ id }) => !isHidden(id))),
  };
};
