import type { Clock, Cluster, LedgerStore, Log, Services } from '../ports.ts';
import { createCluster } from './cluster.ts';
import { type Access, createConnection } from './connection.ts';
import { nothingTold } from './follow.ts';
import { createLedgerStore } from './ledger-store.ts';
import { createRequests } from './requests.ts';
import { createServices } from './service-objects.ts';
import { createServiceProxy, type ServiceProxy } from './service-proxy.ts';

export interface ClusterClient {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  /** Requests to pods through their Services. */
  readonly services: ServiceProxy;
  /** The Services themselves. */
  readonly serviceObjects: Services;
  /** Ends the connection and whatever still runs over it. */
  close(): void;
}

export interface ClusterClientOptions {
  readonly access: Access;
  readonly clock: Clock;
  readonly log: Log;
  /** Rollkey's own version, for the User-Agent that an audit log shows. */
  readonly version: string;
}

/** Everything of a run over one connection, which opens with the first request. */
export function createClusterClient({ access, clock, log, version }: ClusterClientOptions): ClusterClient {
  const transport = createConnection(access);
  const requests = createRequests({ access, transport, clock, version });
  return {
    cluster: createCluster(requests, { clock, log, told: nothingTold() }),
    ledgers: createLedgerStore(requests),
    services: createServiceProxy({ access, transport, version }),
    serviceObjects: createServices(requests),
    close: transport.close,
  };
}
