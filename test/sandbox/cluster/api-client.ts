import https from 'node:https';
import type { EmbeddedCluster } from '../../../sandbox/cluster/embedded-cluster.ts';

export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body, or its text where it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the shape itself
  readonly body: any;
}

export interface WatchLine {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the shape itself
  readonly object: any;
}

export const jsonPatch = 'application/json-patch+json';
export const mergePatch = 'application/merge-patch+json';
export const strategicMergePatch = 'application/strategic-merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

export type ApiClient = ReturnType<typeof createApiClient>;

/** A plain HTTPS client for tests, on one kept-alive connection. */
export const createApiClient = (cluster: EmbeddedCluster, token?: string) => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: Buffer.from(cluster.caData, 'base64') });
  const watching = new https.Agent({ ca: Buffer.from(cluster.caData, 'base64') });
  const authorization = `Bearer ${token ?? cluster.tokenFor('tester', ['system:masters'])}`;

  const call = (method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization,
        'user-agent': 'tester/1',
        ...(body === undefined ? {} : { 'content-type': type }),
      };
      const request = https.request(`${cluster.server}${path}`, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = response.headers['content-type']?.includes('json');
          resolve({ code: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(text) : text });
        });
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });

  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
    put: (path: string, body: unknown) => call('PUT', path, body),
    patch: (path: string, body: unknown, type = mergePatch) => call('PATCH', path, body, type),
    delete: (path: string, body?: unknown) => call('DELETE', path, body),
    /** Opens a watch; `lines` fills as they come, `ended` tells when the server has closed it. */
    watch: (path: string) => {
      const lines: WatchLine[] = [];
      const state = { ended: false };
      const request = https.get(
        `${cluster.server}${path}`,
        { agent: watching, headers: { authorization } },
        (response) => {
          let rest = '';
          response.on('data', (chunk: Buffer) => {
            const parts = (rest + chunk.toString()).split('\n');
            rest = parts.pop() ?? '';
            lines.push(...parts.map((part) => JSON.parse(part) as WatchLine));
          });
          response.on('close', () => {
            state.ended = true;
          });
        },
      );
      request.on('error', () => {
        state.ended = true;
      });
      return { lines, state, close: () => request.destroy() };
    },
    close: () => {
      agent.destroy();
      watching.destroy();
    },
  };
};
