import { type EmbeddedCluster, startCluster } from '../cluster/embedded-cluster.ts';
import { type ApiAccess, createApiClient } from '../desk/api-client.ts';
import { type FakeGitHub, openFakeGitHub } from '../github/fake-github.ts';
import { openPlace, type Place } from './place.ts';

/** A small shop in two environments on the embedded cluster, and its repository on the fake GitHub. */
export interface Shop {
  readonly staging: Place;
  readonly production: Place;
  /** The job's token, and who answers to it. */
  readonly github: { readonly apiUrl: string; readonly token: string };
  readonly stop: () => Promise<void>;
}

/** Starts both, and installs release 1.0, as a team does before it has heard of Rollkey. */
export async function openShop(image: string): Promise<Shop> {
  // Slow enough to be watched.
  const timings = { scheduleMs: 20, startMs: 250, readyMs: 350, stopMs: 100, backOffMs: 1_000 };
  const cluster = await startCluster({ namespaces: ['staging', 'production'], timings });
  const repository = await openFakeGitHub();
  const access = accessTo(cluster);
  const api = createApiClient(access);
  const open = (environment: string) => openPlace(api, access, environment, image);
  const [staging, production] = await Promise.all([open('staging'), open('production')]);
  return {
    ...{ staging, production },
    github: { apiUrl: repository.url, token: repository.token({ deployments: 'write' }) },
    stop: async () => {
      api.close();
      await Promise.all([cluster.stop(), closeGitHub(repository)]);
    },
  };
}

async function closeGitHub({ violations, close }: FakeGitHub): Promise<void> {
  await close();
  if (violations.length > 0) throw new Error(`GitHub would not have it so: ${violations.join('; ')}`);
}

function accessTo(cluster: EmbeddedCluster): ApiAccess {
  return {
    server: cluster.server,
    ca: Buffer.from(cluster.caData, 'base64').toString(),
    credentials: { token: cluster.tokenFor('admin', ['system:masters']) },
  };
}
