import type { KubernetesObject } from '../../src/rollout/objects.ts';
import type { Seeded } from '../release/seeded.ts';
import { type Answer, json, type Response, status } from './api-server.ts';

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

export interface HostileSet {
  readonly answer: Answer;
  /** Adds, changes or deletes one object. */
  change(): void;
  /** From now on the server behaves. */
  calm(): void;
  /** The objects as they are, by name and version. */
  now(): string[];
}

/**
 * A set of objects behind an API server that fails at random, as a seed says: resets, 429, 500, 410, half lines, split
 * characters, watches that close early or lose their history. Cuts through `cut`.
 */
export function hostileSet(random: Seeded, cut: () => void): HostileSet {
  const objects = new Map<string, KubernetesObject>();
  const changes: Change[] = [];
  const watchers = new Set<(change: Change) => void>();
  let version = 0;
  let forgotten = 0;
  let hostile = true;

  function change(): void {
    version += 1;
    const name = `wéb-🚀-${random.integer(6)}`;
    const found = objects.get(name);
    const gone = found !== undefined && random.integer(3) === 0;
    const uid = found?.metadata.uid ?? `${name}-${version}`;
    const object = { metadata: { name, namespace: 'shop', uid, resourceVersion: `${version}` } };
    if (gone) objects.delete(name);
    else objects.set(name, object);
    const made: Change = { type: gone ? 'DELETED' : found ? 'MODIFIED' : 'ADDED', object };
    changes.push(made);
    for (const tell of watchers) tell(made);
  }

  function watch(response: Response, from: string | undefined): void {
    const since = from === undefined ? changes.length : Number(from);
    if (since < forgotten) {
      const expired = status(410, 'Expired', 'too old resource version');
      if (random.integer(2) === 0) json(response, 410, expired);
      else json(response, 200, { type: 'ERROR', object: expired });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders?.();
    const existing =
      from === undefined ? [...objects.values()].map((object) => ({ type: 'ADDED' as const, object })) : [];
    let left = hostile ? random.integer(12) : Number.POSITIVE_INFINITY;
    const tell = (event: object) => {
      if (left < 0) return;
      left -= 1;
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      const at = random.integer(line.length);
      response.write(line.subarray(0, at));
      if (left >= 0) response.write(line.subarray(at));
      else if (random.integer(2) === 0) cut();
      else response.end();
      if (left < 0) watchers.delete(tell);
    };
    for (const event of [...existing, ...changes.slice(since)]) tell(event);
    if (random.integer(3) === 0) tell({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${version}` } } });
    if (left >= 0) watchers.add(tell);
  }

  return {
    answer({ query }, response) {
      const fault = hostile ? random.pick(['cut', 'refuse', 'half', 'none', 'none', 'none', 'none']) : 'none';
      if (fault === 'cut') cut();
      else if (fault === 'refuse') json(response, random.pick([429, 500, 503]), {}, { 'retry-after': '1' });
      else if (query['watch'] !== undefined) watch(response, query['resourceVersion']);
      else if (fault === 'half') response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[');
      else json(response, 200, { items: [...objects.values()], metadata: { resourceVersion: `${version}` } });
      if (hostile && random.integer(6) === 0) forgotten = version;
    },
    change,
    calm: () => {
      hostile = false;
    },
    now: () => versionsOf([...objects.values()]),
  };
}

/** A set by names and versions, sorted. */
export function versionsOf(set: readonly KubernetesObject[]): string[] {
  return set.map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`).sort();
}
