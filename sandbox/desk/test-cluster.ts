import type { Fault } from '../bed/web-commands.ts';
import type { ApiAccess } from './api-client.ts';
import type { Machinery } from './machinery.ts';

/** One request to the API server, as its own log has it. */
export interface LoggedRequest {
  /** Kubernetes' verb: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  readonly path: string;
  readonly query: string;
  readonly userAgent: string;
  readonly code: number;
}

/** A cluster that stories run on. */
export interface TestCluster {
  readonly kind: 'embedded' | 'bed' | 'given';
  /** As somebody who may do everything. */
  readonly admin: ApiAccess;
  /** A token of a ServiceAccount that exists. */
  readonly tokenFor: (namespace: string, serviceAccount: string) => Promise<string>;
  /** What was asked since a time; undefined where the cluster's log cannot be read. */
  readonly requestsSince: (time: Date) => Promise<readonly LoggedRequest[] | undefined>;
  /** A field of a pod's spec that the cluster keeps and the action's own libraries have never heard of. */
  readonly unknownField: string | undefined;
  /** What only its owner can do to it; undefined where it is somebody else's. */
  readonly machinery: Machinery | undefined;
  readonly stop: () => Promise<void>;
}

/** An image of the sandbox that serves its release's name, or fails in one way (sandbox/bed/web-commands.ts). */
export function webImage(release: string, fault?: Fault): string {
  return `rollkey.test/web:${fault === undefined ? release : `${release}-${fault}`}`;
}

/** An image that is nowhere. */
export const missingImage = 'localhost:1/web:9.9';
