import type { GateRecord, StoredRecord } from './gate/record.ts';
import type { Review } from './gate/review.ts';
import type { Ledger } from './release/ledger.ts';
import type { Neighbours } from './rollout/neighbours.ts';
import type { ClusterEvent, Deployment, KubernetesObject, Pod, ReplicaSet } from './rollout/objects.ts';
import type { PatchOperation } from './rollout/patch.ts';
import type { Service } from './rollout/service.ts';

export type WorkloadKind = 'deployment' | 'statefulset' | 'daemonset';

/** A workload by kind, namespace and name; shown as `deployment shop/web`. */
export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/** Which objects to follow: a workload, or the revisions or pods that a label selector matches. */
export type Following =
  | { readonly resource: 'workload'; readonly ref: WorkloadRef }
  | { readonly resource: 'revisions'; readonly ref: WorkloadRef; readonly labelSelector: string }
  | { readonly resource: 'pods'; readonly namespace: string; readonly labelSelector: string };

export interface ObjectList<T extends KubernetesObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/**
 * The Kubernetes API as the operations need it: workloads of every kind come in a Deployment's shape, their revisions in a
 * ReplicaSet's. Every method throws `ClusterError`.
 */
export interface Cluster {
  getWorkload(ref: WorkloadRef): Promise<Deployment>;
  /** ReplicaSets, or ControllerRevisions in their shape; maybe of other workloads, too. */
  listRevisions(ref: WorkloadRef, labelSelector: string): Promise<ObjectList<ReplicaSet>>;
  listPods(namespace: string, labelSelector: string): Promise<ObjectList<Pod>>;
  /** Applies a JSON patch; a failed `test` operation is a ClusterError of kind `conflict` or `rejected`. */
  patchWorkload(ref: WorkloadRef, patch: readonly PatchOperation[], options?: { dryRun: boolean }): Promise<Deployment>;
  /** Deletes this very pod; one that is gone, or has been made anew under its name, is left alone. */
  deletePod(pod: Pod): Promise<void>;
  /** Whether an object that a pod template names is there; `unknown` without the right to ask. */
  exists(resource: 'configmaps' | 'secrets', namespace: string, name: string): Promise<'yes' | 'no' | 'unknown'>;
  /** All objects of a kind that bear on the number of pods; none where the server does not serve that kind. */
  listNeighbours<K extends keyof Neighbours>(kind: K, namespace: string): Promise<readonly Neighbours[K][]>;
  /** The namespace's events about objects with these uids; in a noisy namespace maybe not all of them. */
  listEvents(namespace: string, uids: readonly string[], signal?: AbortSignal): Promise<readonly ClusterEvent[]>;
  /** The last lines that a container wrote, or its predecessor in the same pod; empty where there is no such log. */
  readLog(namespace: string, log: LogOf, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Yields the current set of objects, at first and whenever it changes, until `signal` aborts. Survives closed
   * connections, 410 and silence; polls every 2 s where `watch` is forbidden.
   * With `known`, it starts from that set without listing again.
   */
  follow<T extends Deployment | ReplicaSet | Pod>(
    following: Following,
    signal: AbortSignal,
    known?: ObjectList<T>,
  ): AsyncIterable<readonly T[]>;
}

/** Which container's log, and how much of it. */
export interface LogOf {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: number;
}

/** What one look of a check says. `inconclusive`: nothing to judge by. `error`: the check itself could not be carried out. */
export interface CheckAnswer {
  readonly state: 'pass' | 'fail' | 'inconclusive' | 'error';
  /** One line for people. Foreign text. */
  readonly message: string;
}

/** One check of a release that runs. */
export interface Check {
  readonly name: string;
  /** Whether it may look while the rollout runs; else only once it is complete. */
  readonly early: boolean;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** Looks in a row that must agree before anything but a pass counts. */
  readonly threshold: number;
  /** Looks once, within the check's own time-out; never throws. */
  look(signal: AbortSignal): Promise<CheckAnswer>;
}

/** A ledger as it was read, with the version that a write must still find. */
export interface StoredLedger {
  readonly ledger: Ledger;
  /** Empty while there is no ConfigMap yet. */
  readonly version: string;
}

/** Where ledgers are kept: compare-and-swap on `version`. */
export interface LedgerStore {
  /** An absent ledger reads as an empty one. Throws ClusterError, `forbidden` without the right. */
  read(ref: WorkloadRef): Promise<StoredLedger>;
  /** Throws ClusterError of kind `conflict` when somebody else wrote since `stored` was read. */
  write(ref: WorkloadRef, ledger: Ledger, version: string): Promise<StoredLedger>;
}

/** A Service by namespace and name. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** Services, as whoever switches them needs them. Both methods throw `ClusterError`. */
export interface Services {
  get(ref: ServiceRef): Promise<Service>;
  /** Applies a JSON patch; a failed `test` operation is a ClusterError of kind `conflict` or `rejected`. */
  patch(ref: ServiceRef, patch: readonly PatchOperation[], options?: { dryRun: boolean }): Promise<Service>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  debug(message: string): void;
}

/** Which records to read; both together where both are given. */
export interface RecordFilter {
  readonly environment?: string;
  readonly task?: string;
}

export interface NewRecord {
  readonly environment: string;
  readonly task: string;
  readonly payload: GateRecord;
  /** Paint for GitHub's pages, where people look; nothing reads it. */
  readonly status: { readonly state: 'failure' | 'error' | 'inactive' | 'success'; readonly description: string };
}

/** The log of the promotion gate: records are only ever appended. Every method throws `GitHubError`. */
export interface Gate {
  /** Records, newest first, page by page until `enough` says so of what was read so far, or there are no more. */
  read(
    filter: RecordFilter,
    enough: (records: readonly StoredRecord[]) => boolean,
    signal?: AbortSignal,
  ): Promise<readonly StoredRecord[]>;
  /** Whether a record is there, and nobody deleted it. */
  exists(id: number, signal?: AbortSignal): Promise<boolean>;
  /** Appends a record and gives its id, once it can be read back. */
  append(record: NewRecord, signal?: AbortSignal): Promise<number>;
}

/** What the reviewers of environments said to the repository's runs. Throws `GitHubError`. */
export interface Reviews {
  /** Of all attempts of a run, in no order that GitHub promises. */
  ofRun(runId: string, signal?: AbortSignal): Promise<readonly Review[]>;
}
