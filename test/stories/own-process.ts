import { setTimeout as pause } from 'node:timers/promises';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { createClock } from '../../src/clock.ts';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { Clock } from '../../src/ports.ts';
import { createLogBook } from '../fakes/log-book.ts';

/** How many times faster than the world a run's own clock goes, as long as its cluster is an embedded one. */
const FASTER = 20;

/** Operations in this process, on a cluster by the real adapter: without bundles that have to start. */
export function inOwnProcess({ admin }: TestCluster): { readonly ports: RollPorts; readonly close: () => void } {
  const { credentials } = admin;
  if (!('token' in credentials)) throw new Error('only tokens are sent here');
  const log = createLogBook();
  const { cluster, ledgers, close } = createClusterClient({
    access: {
      server: admin.server,
      tls: { ca: Buffer.from(admin.ca) },
      authorize: async () => ({ Authorization: `Bearer ${credentials.token}` }),
    },
    clock: createClock(),
    log,
    version: '0',
  });
  const ports: RollPorts = {
    ...{ cluster, ledgers, log, clock: quickClock() },
    ...{ interrupt: new AbortController().signal, secrets: [] },
    ...{ remember: () => {}, rememberBlocks: () => {} },
  };
  return { ports, close };
}

function quickClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + FASTER * (Date.now() - start),
    sleep: async (ms, signal) => {
      await pause(ms / FASTER, undefined, { signal }).catch(() => undefined);
    },
  };
}
