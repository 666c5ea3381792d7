import { type Change, changeFor, type Wanted } from '../release/change.ts';
import { showRelease } from '../release/release-text.ts';
import { resolveRelease } from '../release/resolve.ts';
import { recoloured } from '../rollout/blue-green.ts';
import type { ReadPair } from './read-pair.ts';

/**
 * What brings a release onto the colour that serves nobody. One that only the other colour knows comes over with its whole
 * template; a new one starts from the idle colour's own.
 */
export function changeOnIdle(pair: ReadPair, wanted: Wanted): Change {
  const change = bitsFor(pair, wanted);
  if (change.kind !== 'write') return change;
  // Bits from before a colour had the labels that the Service selects by would leave it with nobody to select.
  return { ...change, template: recoloured(change.template, pair.idle.state.deployment, pair.service) };
}

function bitsFor({ serving, idle, seen }: ReadPair, wanted: Wanted): Change {
  const { release } = wanted;
  const own = changeFor({ ...idle.state, known: seen.state.known }, wanted);
  const barred = own.kind === 'refused' && own.reasonCode === 'preflight-refused';
  const isHere = resolveRelease(release, idle.state.revisions, idle.state.ledger).kind === 'found';
  const there = resolveRelease(release, serving.state.revisions, serving.state.ledger);
  if (barred || isHere || there.kind !== 'found') return own;
  const checked = changeFor(serving.state, wanted);
  if (checked.kind === 'refused') return checked;
  if (checked.kind === 'write' && checked.source === 'images') return own;
  const { paused = false } = idle.state.deployment.spec;
  return {
    ...{ kind: 'write', source: there.source, resume: paused, drift: there.drift },
    template: there.template,
    warnings: [
      ...checked.warnings,
      `the bits of ${showRelease(release)} come from ${serving.state.workload}, with the labels of ${idle.state.workload}`,
    ],
  };
}
