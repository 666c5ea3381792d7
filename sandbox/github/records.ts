export type StatusState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success';

/** Who does something: a person, or an App with the slug `app`. */
export interface Writer {
  readonly login: string;
  /** Empty for a person's own token. */
  readonly app: string;
}

/** What a workflow's GITHUB_TOKEN writes as. */
export const WORKFLOW: Writer = { login: 'github-actions[bot]', app: 'github-actions' };

/** One status of a deployment. Times are ISO 8601 in whole seconds. */
export interface StoredStatus {
  readonly id: number;
  readonly state: StatusState;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: string;
  readonly creator: string;
  readonly app: string;
}

/** A deployment as GitHub keeps it. Times are ISO 8601 in whole seconds. */
export interface StoredDeployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  /** Where it was made for; a status may have moved it since. */
  readonly originalEnvironment: string;
  readonly payload: unknown;
  readonly description: string;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: string;
  readonly app: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Newest first. */
  readonly statuses: readonly StoredStatus[];
}
