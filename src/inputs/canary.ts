import type { CanarySize } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import { parseDuration } from './duration.ts';
import type { InputSource } from './read-inputs.ts';

/** Which sizes a new release goes through before it takes over; none where one is held already. */
export interface CanaryInputs {
  readonly sizes: readonly CanarySize[];
  /** Milliseconds; undefined where a person lets it go on. */
  readonly holdMs?: number;
  /** How far one that is held already may go now. */
  readonly to: 'next' | 'all';
}

const MOST_SIZES = 20;
const MOST_PODS = 10_000;
/** A job ends after six hours on GitHub's runners, after five days on others. */
const LONGEST_HOLD_MS = 120 * 3_600_000;

/** Reads `canary` and `canary-hold`; undefined where no canary is asked for. One line for each thing that is wrong. */
export function readCanary(source: InputSource): {
  readonly canary: CanaryInputs | undefined;
  readonly problems: readonly string[];
} {
  const [text, hold] = [source('canary'), source('canary-hold')];
  const items = text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const read = items.map(parseSize);
  const sizes = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  const holdMs = parseDuration(hold);
  const problems = [
    ...read.flatMap((each) => (typeof each === 'string' ? [each] : [])),
    ...(items.length > MOST_SIZES ? [`canary has ${items.length} sizes: use ${MOST_SIZES} or fewer`] : []),
    ...orderProblems(sizes),
    ...holdProblems(hold, holdMs, items.length > 0),
  ];
  if (problems.length > 0 || sizes.length === 0) return { canary: undefined, problems };
  return { canary: { sizes, ...(holdMs !== undefined && { holdMs }), to: 'next' }, problems: [] };
}

function parseSize(item: string): CanarySize | string {
  const [, digits = '', unit] = /^(\d{1,6})\s*(%?)$/.exec(item) ?? [];
  const count = Number(digits);
  const most = unit === '%' ? 100 : MOST_PODS;
  if (digits === '' || count < 1 || count > most)
    return `canary "${showRelease(item)}" is no size: write pods (1) or a share from 1% to 100%`;
  return unit === '%' ? { percent: count } : { pods: count };
}

/** Pods and shares can be compared only once it is known how many replicas there are. */
function orderProblems(sizes: readonly CanarySize[]): readonly string[] {
  const pods = sizes.flatMap((size) => ('pods' in size ? [size.pods] : []));
  const shares = sizes.flatMap((size) => ('percent' in size ? [size.percent] : []));
  const falls = [pods, shares].some((each) =>
    each.some((count, index) => index > 0 && count <= (each[index - 1] ?? 0)),
  );
  return falls ? ['canary has a size that is not larger than the one before it: put the smallest first'] : [];
}

function holdProblems(text: string, ms: number | undefined, hasSizes: boolean): readonly string[] {
  if (text.trim() === '') return [];
  return [
    ...(ms === undefined ? [`canary-hold "${showRelease(text)}" is no duration: write 60s, 10m or 1h30m`] : []),
    ...((ms ?? 0) > LONGEST_HOLD_MS
      ? [`canary-hold "${showRelease(text)}" is longer than any job may run: use 120h or less`]
      : []),
    ...(hasSizes ? [] : ['canary-hold says how long a canary is held: set canary to its sizes, or leave it out']),
  ];
}
