import type { Commits } from './commits.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Reply } from './reply.ts';
import type { Place } from './representation.ts';
import type { ReviewStore } from './review-store.ts';
import type { StaleReads } from './stale-reads.ts';
import type { Caller, Permissions } from './tokens.ts';

/** A request that is allowed, to something that is there. */
export interface Call {
  readonly caller: Caller;
  readonly place: Place;
  /** Below `place.api`. */
  readonly path: string;
  /** What stands in the path's braces. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What GitHub knows. */
export interface Hub {
  readonly clock: FakeClock;
  readonly commits: Commits;
  readonly deployments: DeploymentStore;
  readonly reviews: ReviewStore;
  readonly stale: StaleReads;
}

/** One operation of the REST API. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As the API's description names it. */
  readonly template: string;
  readonly needs: Permissions;
  readonly carryOut: (call: Call, hub: Hub) => Reply;
}
