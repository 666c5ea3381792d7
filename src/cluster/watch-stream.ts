import type { Readable } from 'node:stream';
import type { KubernetesObject } from '../rollout/objects.ts';
import type { ApiStatus } from './api-error.ts';

export type WatchEvent<T extends KubernetesObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } }
  | { readonly type: 'ERROR'; readonly object: ApiStatus };

/**
 * The events of one watch, those that arrived together in one batch, until the server closes it or nothing has come
 * for `silence` milliseconds (bookmarks come about every minute). Throws when the connection breaks.
 */
export async function* watchStream<T extends KubernetesObject>(
  body: Readable,
  silence: number,
): AsyncGenerator<readonly WatchEvent<T>[]> {
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    body.destroy();
  }, silence);
  try {
    for await (const lines of completeLines(body)) {
      timer.refresh();
      if (lines.length > 0) yield lines.map((line): WatchEvent<T> => JSON.parse(line));
    }
  } catch (error) {
    if (!silent) throw error;
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

/** What one chunk completes. A line that is cut off at the end is left out: the next watch sends that event again. */
async function* completeLines(body: Readable): AsyncGenerator<readonly string[]> {
  let open: string[] = [];
  for await (const chunk of body.setEncoding('utf8')) {
    const [head, ...rest] = String(chunk).split('\n');
    open.push(head ?? '');
    const last = rest.pop();
    if (last === undefined) {
      yield [];
      continue;
    }
    yield [open.join(''), ...rest].filter((line) => line.trim() !== '');
    open = [last];
  }
}
