import { type FakeClock, timestamp } from './fake-clock.ts';
import { type StatusState, type StoredDeployment, type StoredStatus, WORKFLOW, type Writer } from './records.ts';

export interface DeploymentDraft {
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string;
  readonly transient: boolean;
  readonly production: boolean;
  /** Milliseconds since the epoch; now unless given. */
  readonly createdAt?: number;
}

export interface StatusDraft {
  readonly state: StatusState;
  readonly description: string;
  /** Empty to leave the deployment where it is. */
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly autoInactive: boolean;
}

/** Superseded statuses are kept for this long; the current one for ever. */
const STATUS_RETENTION_MS = 90 * 24 * 3_600_000;

export type DeploymentStore = ReturnType<typeof createDeploymentStore>;

/** The deployments of one repository, as GitHub keeps them. */
export const createDeploymentStore = (clock: FakeClock) => {
  // In the order of their ids: oldest first.
  const byId = new Map<number, StoredDeployment>();
  let lastId = 2_900_000_000;
  // Ids are of all of GitHub: a repository's own have gaps.
  const nextId = () => {
    lastId += 3;
    return lastId;
  };

  const kept = (deployment: StoredDeployment): StoredDeployment => {
    const [current, ...superseded] = deployment.statuses;
    const since = clock.now() - STATUS_RETENTION_MS;
    const young = superseded.filter(({ createdAt }) => Date.parse(createdAt) > since);
    return current ? { ...deployment, statuses: [current, ...young] } : deployment;
  };

  const addStatus = (id: number, draft: Omit<StatusDraft, 'autoInactive'>, writer: Writer): StoredStatus => {
    const deployment = byId.get(id);
    if (!deployment) throw new Error(`there is no deployment ${id}`);
    const createdAt = timestamp(clock.now());
    const environment = draft.environment || deployment.environment;
    const { state, description, environmentUrl, logUrl } = draft;
    const said = { state, description, environment, environmentUrl, logUrl };
    const status = { id: nextId(), ...said, createdAt, creator: writer.login, app: writer.app };
    byId.set(id, { ...deployment, environment, updatedAt: createdAt, statuses: [status, ...deployment.statuses] });
    return status;
  };

  /** Turns older successes of the environment inactive, but for production's and transient ones. */
  const retireBefore = (id: number, environment: string, writer: Writer): void => {
    for (const older of byId.values()) {
      const retires = older.id < id && older.environment === environment && !older.production && !older.transient;
      if (!retires || older.statuses[0]?.state !== 'success') continue;
      const inactive = { state: 'inactive' as const, description: '', environmentUrl: '', logUrl: '' };
      addStatus(older.id, { ...inactive, environment: '' }, writer);
    }
  };

  return {
    /** Newest first. */
    all: (): readonly StoredDeployment[] => [...byId.values()].reverse().map(kept),
    get: (id: number): StoredDeployment | undefined => {
      const deployment = byId.get(id);
      return deployment && kept(deployment);
    },
    create: (draft: DeploymentDraft, writer: Writer = WORKFLOW): StoredDeployment => {
      const { createdAt = clock.now(), ...said } = draft;
      const at = timestamp(createdAt);
      const written = { creator: writer.login, app: writer.app, createdAt: at, updatedAt: at, statuses: [] };
      const deployment = { id: nextId(), ...said, originalEnvironment: said.environment, ...written };
      byId.set(deployment.id, deployment);
      return deployment;
    },
    addStatus: (id: number, { autoInactive, ...draft }: StatusDraft, writer: Writer = WORKFLOW): StoredStatus => {
      const status = addStatus(id, draft, writer);
      if (autoInactive && status.state === 'success') retireBefore(id, status.environment, writer);
      return status;
    },
    remove: (id: number): boolean => byId.delete(id),
  };
};
