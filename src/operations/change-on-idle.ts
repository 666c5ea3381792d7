import { better } from '../release/blue-green-state.ts';
import { type Change, changeFor, type Wanted } from '../release/change.ts';
import { findEntry } from '../release/ledger.ts';
import { showRelease } from '../release/release-text.ts';
import { resolveRelease } from '../release/resolve.ts';
import { recoloured } from '../rollout/blue-green.ts';
import { formatImages, imagesOf } from '../rollout/template.ts';
import type { ReadPair } from './read-pair.ts';
import type { Survey } from './survey.ts';

/**
 * What brings a release onto the colour that serves nobody. One that only the other colour knows comes over with its whole
 * template, as does one that has other images there by now; a new one starts from the idle colour's own.
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
  const [here, there] = [bitsOn(idle, release), bitsOn(serving, release)];
  const isHere = here && !(there && isRedefined(here, there));
  if (barred || isHere || !there) return own;
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

function bitsOn({ state: { revisions, ledger } }: Survey, release: string) {
  const found = resolveRelease(release, revisions, ledger);
  return found.kind === 'found' ? { ...found, entry: findEntry(ledger, release) } : undefined;
}

type Bits = NonNullable<ReturnType<typeof bitsOn>>;

/** Whether the name has other images on the other colour, and those are what it stands for behind the Service. */
function isRedefined(here: Bits, there: Bits): boolean {
  if (formatImages(imagesOf(there.template)) === formatImages(imagesOf(here.template)) || !there.entry) return false;
  return !here.entry || better(here.entry, there.entry) === there.entry;
}
