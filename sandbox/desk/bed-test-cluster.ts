import { startBed } from '../bed/bed.ts';
import type { ApiAccess } from './api-client.ts';
import { bedMachinery } from './bed-machinery.ts';
import { requestToken } from './service-account-token.ts';
import type { TestCluster } from './test-cluster.ts';

/** A bed of its own, for stories. */
export async function startBedTestCluster(log: (line: string) => void = () => {}): Promise<TestCluster> {
  const bed = await startBed({ log });
  const admin: ApiAccess = {
    server: bed.server,
    ca: Buffer.from(bed.caData, 'base64').toString(),
    credentials: { token: bed.token('admin') },
  };
  const machinery = bedMachinery(bed, admin);
  return {
    kind: 'bed',
    admin,
    // Its API server has the very models of the libraries, so it keeps no field that they drop.
    unknownField: undefined,
    tokenFor: (namespace, name) => requestToken(admin, namespace, name),
    requestsSince: async (time) => (await bed.auditEntries(time)).map(toLogged),
    machinery,
    stop: async () => {
      await machinery.close();
      await bed.stop();
    },
  };
}

function toLogged({ verb, uri, userAgent, code }: { verb: string; uri: string; userAgent: string; code: number }) {
  const { pathname, search } = new URL(uri, 'https://bed');
  return { verb, path: pathname, query: search.slice(1), userAgent, code };
}
