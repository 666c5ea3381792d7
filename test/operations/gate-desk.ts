import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Result } from '../../src/result.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { openShop, type Shop } from './shop.ts';

/** A shop whose runs ask the gate. */
export interface GatedShop extends Shop {
  readonly gate: MemoryGate;
}

/** A shop in memory with a gate in memory. */
export function openGatedShop(...given: Parameters<typeof openShop>): GatedShop {
  return { ...openShop(...given), gate: createMemoryGate() };
}

/** Rolls while the shop's clock goes by, second by second. */
export async function rolled(shop: Shop, wanted: TrainRequest, seconds = 40): Promise<Result> {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < seconds; count++) await shop.clock.advance(1_000);
  return rolling;
}

/** The payloads of all blocks, oldest first. */
export function blocksIn(gate: MemoryGate): readonly unknown[] {
  return payloadsIn(gate, 'release-block');
}

/** What was recorded of environments, oldest first. */
export function deployedIn(gate: MemoryGate): readonly unknown[] {
  return payloadsIn(gate, 'release-deployed');
}

function payloadsIn(gate: MemoryGate, kind: string): readonly unknown[] {
  return gate
    .records()
    .toReversed()
    .flatMap(({ payload }) => ((payload as { readonly kind?: string }).kind === kind ? [payload] : []));
}
