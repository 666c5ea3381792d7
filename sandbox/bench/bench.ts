import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bed, startBed } from '../bed/bed.ts';
import { type Relay, startRelay } from '../bed/relay.ts';
import { type ApiAccess, type ApiClient, createApiClient } from '../desk/api-client.ts';
import { kubeconfigText } from '../desk/kubeconfig-text.ts';
import { actionTool } from './action-tool.ts';
import { type Availability, watchAvailability } from './availability.ts';
import type { Tool } from './command.ts';
import { kubectlTool } from './kubectl-tool.ts';
import { namespace } from './workloads.ts';

/** Everything that the measurements share. */
export interface Bench {
  readonly bed: Bed;
  readonly api: ApiClient;
  /** Of somebody who may do everything. */
  readonly access: ApiAccess;
  readonly availability: Availability;
  readonly relay: Relay;
  /** The two sides, the action first. */
  readonly tools: readonly [Tool, Tool];
  /** A folder for both tools' files. */
  readonly home: string;
  /** Path of a kubeconfig that leads straight to the API server. */
  readonly straight: string;
  /** Path of a kubeconfig that leads through the relay, which counts. */
  readonly counted: string;
  readonly close: () => Promise<void>;
}

/** Starts a bed with an empty namespace, and what measures on it. */
export async function openBench(log: (line: string) => void): Promise<Bench> {
  const bed = await startBed({ log });
  // Goes with the bed, also when this process is killed.
  const home = join(bed.folder, 'bench');
  mkdirSync(home);
  const access: ApiAccess = {
    server: bed.server,
    ca: Buffer.from(bed.caData, 'base64').toString(),
    credentials: { token: bed.token('admin') },
  };
  const api = createApiClient(access);
  const relay = await startRelay(bed.server);
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await api.json({ method: 'POST', path: '/api/v1/namespaces', body });
  const availability = watchAvailability(access);
  const kubeconfig = (name: string, server: string) => {
    const path = join(home, `${name}.kubeconfig`);
    writeFileSync(path, kubeconfigText({ ...access, server }, namespace), { mode: 0o600 });
    return path;
  };
  return {
    ...{ bed, api, access, availability, relay, home },
    tools: [actionTool(home), kubectlTool(bed.kubectlPath, home)],
    straight: kubeconfig('straight', bed.server),
    counted: kubeconfig('counted', relay.server),
    close: async () => {
      availability.close();
      api.close();
      await relay.close();
      await bed.stop();
    },
  };
}
