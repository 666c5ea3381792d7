import { setTimeout as pause } from 'node:timers/promises';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import type { Clock } from '../../src/ports.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { seeded } from '../release/seeded.ts';
import { startApiServer } from './api-server.ts';
import { hostileSet, versionsOf } from './hostile-set.ts';

const ref = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;
const silent = { info: () => undefined, warn: () => undefined, debug: () => undefined };
/** Pauses between attempts at a hundredth of their length. */
const hasty: Clock = {
  now: () => Date.now() * 100,
  sleep: (ms, signal) => pause(ms / 100, undefined, { signal }).catch(() => {}),
};

export interface HostileRun {
  readonly expected: readonly string[];
  /** The last set that was seen. */
  readonly seen: readonly string[];
  /** Objects that were seen in an older version after a newer one. */
  readonly backwards: readonly string[];
}

/** Follows pods or replica sets of a hostile API server through random changes, until all is seen or 5 s are over. */
export async function hostileRun(seed: number): Promise<HostileRun> {
  const random = seeded(seed);
  const resource = random.pick(['pods', 'revisions'] as const);
  const server = await startApiServer(
    (...exchange) => set.answer(...exchange),
    random.pick(['h2', 'http/1.1'] as const),
  );
  const set = hostileSet(random, server.cut);
  for (let count = random.integer(5); count > 0; count -= 1) set.change();
  const client = createClusterClient({ access: server.access, clock: hasty, log: silent, version: '0' });
  const stop = AbortSignal.timeout(5_000);
  const finished = new AbortController();
  const newest = new Map<string, number>();
  const backwards: string[] = [];
  let seen: string[] = [];
  let settled = false;

  const watching = (async () => {
    const following = { resource, ref, namespace: 'shop', labelSelector: 'a=b' };
    const signal = AbortSignal.any([stop, finished.signal]);
    for await (const items of client.cluster.follow<Pod>(following, signal)) {
      seen = versionsOf(items);
      for (const { metadata } of items) {
        const version = Number(metadata.resourceVersion);
        if (version < (newest.get(metadata.uid) ?? 0)) backwards.push(`${metadata.uid}@${version}`);
        newest.set(metadata.uid, version);
      }
      if (settled && same(seen, set.now())) finished.abort();
    }
  })();
  for (let step = 0; step < 60; step += 1) {
    set.change();
    await pause(random.integer(5));
  }
  set.calm();
  settled = true;
  set.change();
  await watching;
  client.close();
  await server.close();
  return { expected: set.now(), seen, backwards };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
