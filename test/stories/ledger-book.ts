import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import type { Ledger, LedgerEntry } from '../../src/release/ledger.ts';
import { imageOf } from './story.ts';

/** The ledger of a Deployment as it stands in its ConfigMap; undefined where there is none. */
export async function readLedger(desk: Desk, name = 'web'): Promise<Ledger | undefined> {
  const data = await desk.configMap(`rollkey.deployment.${name}`);
  return data?.['ledger.json'] === undefined ? undefined : JSON.parse(data['ledger.json']);
}

/** What the ledger says of one release. */
export async function readEntry(desk: Desk, release: string, name = 'web'): Promise<LedgerEntry | undefined> {
  return (await readLedger(desk, name))?.entries.find((entry) => entry.release === release);
}

/** Each release once, and wherever its ReplicaSet still is, that one has the images that are recorded for it. */
export async function expectOneTruth(desk: Desk, name = 'web'): Promise<void> {
  const [ledger, replicaSets] = await Promise.all([readLedger(desk, name), desk.replicaSets(name)]);
  const entries = ledger?.entries ?? [];
  const names = entries.map(({ release }) => release);
  expect(names).toEqual([...new Set(names)]);
  for (const { release, replicaSet, images } of entries) {
    const found = replicaSets.find(({ metadata }) => metadata.uid === replicaSet?.uid);
    if (found) expect({ release, image: imageOf(found) }).toEqual({ release, image: images['web'] });
  }
}
