import { request } from 'node:https';
import { type ApiAccess, connectOptions } from './api-client.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** Calls back for every object below a path that exists, and then for every change, until closed. */
export function watch<T>(access: ApiAccess, path: string, each: (object: T, type: ChangeType) => void): () => void {
  const options = { ...connectOptions(access), agent: false } as const;
  const asked = request(`${access.server}${path}?watch=true&timeoutSeconds=3600`, options);
  // Cut when it is closed.
  asked.on('error', () => {});
  asked.once('response', (response) => {
    let rest = '';
    response.on('error', () => {}).setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { object, type } = JSON.parse(line) as { readonly object: T; readonly type: ChangeType };
        each(object, type);
      }
    });
  });
  asked.end();
  return () => asked.destroy();
}
