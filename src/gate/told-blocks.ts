import type { Deployed } from './deployed.ts';

/** Ids of the blocks of a release that runs say they wrote, so that one that somebody deleted is missed. */
export function toldBlocks(release: string, deployed: readonly Deployed[]): readonly number[] {
  const made = deployed.flatMap(({ record }) => record.blocks);
  return [...new Set(made.filter((block) => block.release === release).map(({ id }) => id))];
}
