import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import type { Ledger, LedgerEntry } from '../../src/release/ledger.ts';

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
  expectAgreement(...(await Promise.all([readLedger(desk, name), desk.replicaSets(name)])));
}

/** The same of a ledger and the carriers of a workload's revisions that were read already. */
export function expectAgreement(ledger: Ledger | undefined, carriers: readonly Carrier[]): void {
  const entries = ledger?.entries ?? [];
  const names = entries.map(({ release }) => release);
  expect(names).toEqual([...new Set(names)]);
  for (const { release, replicaSet, images } of entries) {
    const found = carriers.find(({ metadata }) => metadata.uid === replicaSet?.uid);
    const ran = found?.spec.template.spec.containers.find((container) => container.name === 'web');
    if (found) expect({ release, image: ran?.image }).toEqual({ release, image: images['web'] });
  }
}

/** A ReplicaSet, or what stands for one. */
interface Carrier {
  readonly metadata: { readonly uid?: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

interface Container {
  readonly name: string;
  readonly image?: string;
}
