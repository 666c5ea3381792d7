import { GitHubError } from '../errors.ts';
import { coveringBlock, type StandingBlock } from '../gate/covering-block.ts';
import type { Standing } from '../gate/standing.ts';
import type { Gate } from '../ports.ts';
import { readLately } from './gate-records.ts';
import type { TrainRequest } from './train-request.ts';

/**
 * The block that makes another one needless by what runs in the environment now. Undefined also where GitHub does not say
 * what does: one too many does no harm.
 */
export async function coveringNow(
  gate: Gate,
  { scope, environment, trust }: Pick<TrainRequest, 'scope' | 'environment' | 'trust'>,
  standing: Standing,
  signal: AbortSignal,
): Promise<StandingBlock | undefined> {
  try {
    return coveringBlock(standing, environment, await readLately(gate, scope, trust, signal));
  } catch (error) {
    if (error instanceof GitHubError) return undefined;
    throw error;
  }
}
