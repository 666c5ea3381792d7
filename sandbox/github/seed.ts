import { HEAD } from './commits.ts';
import type { DeploymentStore } from './deployment-store.ts';
import { type StatusState, WORKFLOW, type Writer } from './records.ts';

/** A deployment that is there already. */
export interface Seed {
  readonly environment: string;
  readonly task: string;
  readonly payload: unknown;
  /** A workflow unless given. */
  readonly writer?: Writer;
  /** Milliseconds since the epoch; now unless given. */
  readonly createdAt?: number;
  readonly state?: StatusState;
}

/** Puts records into a store, past the API; gives their ids. */
export function seedInto(store: DeploymentStore, records: readonly Seed[]): readonly number[] {
  return records.map(({ writer = WORKFLOW, state, ...given }) => {
    const rest = { sha: HEAD, ref: HEAD, description: '', transient: false, production: false };
    const { id } = store.create({ ...rest, ...given }, writer);
    const empty = { description: '', environment: '', environmentUrl: '', logUrl: '', autoInactive: false };
    if (state) store.addStatus(id, { ...empty, state }, writer);
    return id;
  });
}
