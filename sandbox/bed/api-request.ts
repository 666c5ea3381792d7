import { request } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Whom to ask, and as whom. */
export interface ApiServer {
  readonly server: string;
  /** The authority's certificate, PEM. */
  readonly authorityPem: string;
  readonly token: string;
}

/** GETs a path of an API server; resolves with the answer whatever its status, rejects when there is none in ten seconds. */
export function getFrom({ server, authorityPem, token }: ApiServer, path: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'rollkey-bed' };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server}${path}`,
      { ca: authorityPem, headers, agent: false, timeout: 10_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    asked.once('timeout', () => asked.destroy(new Error(`${server}${path}: no answer`)));
    asked.once('error', reject);
    asked.end();
  });
}
