import { type Deployed, runsVerified } from './deployed.ts';
import type { BlockRecord } from './record.ts';
import { sameEnvironment } from './same-environment.ts';
import type { Standing } from './standing.ts';

/** A block that stands, by its record's id. */
export interface StandingBlock {
  readonly id: number;
  readonly block: BlockRecord;
}

/**
 * The newest block that stands and says already what one from `environment` would say (empty for one that speaks of
 * none): it names that environment, or none, and so all. Where the newest of `deployed` there says that the release
 * runs verified, blocks from before that do not count. Undefined where another has to be written.
 */
export function coveringBlock(
  standing: Standing,
  environment: string,
  deployed: readonly Deployed[] = [],
): StandingBlock | undefined {
  if (standing.kind !== 'blocked') return undefined;
  const blocks = standing.unlifted.flatMap(({ id, block }) => (block ? [{ id, block }] : []));
  const there = deployed.filter(({ record }) => sameEnvironment(record.environment, environment));
  const since = runsVerified(standing.block.release, there) ? (there[0]?.id ?? 0) : 0;
  return blocks.find(
    ({ id, block }) => block.environment === '' || (sameEnvironment(block.environment, environment) && id > since),
  );
}
