import { afterEach } from '@jest/globals';
import { type ClusterClient, createClusterClient } from '../../src/cluster/cluster-client.ts';
import { type Answer, startApiServer } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

type Serve = (answer: Answer) => Promise<{
  readonly received: Awaited<ReturnType<typeof startApiServer>>['received'];
  readonly cluster: ClusterClient['cluster'];
}>;

/** Starts API servers that answer as a test says, with the real adapter before them; each ends with its test. */
export function useServedCluster(): Serve {
  const endings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0)) await end();
  });
  return async (answer) => {
    const server = await startApiServer(answer);
    const client = createClusterClient({ access: server.access, clock: instantClock(), log: silent, version: '0' });
    endings.push(client.close, server.close);
    return { received: server.received, cluster: client.cluster };
  };
}

const silent = { info: () => undefined, warn: () => undefined, debug: () => undefined };
