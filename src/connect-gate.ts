import { createClock } from './clock.ts';
import type { Runner } from './github/runner.ts';
import type { Gate } from './ports.ts';

/**
 * The gate of the repository that the run belongs to, for an action that needs to read or to write there. Loads what
 * speaks with GitHub, so only for who has a token.
 */
export async function connectGate(
  token: string,
  { context, environment, log, mask }: Runner,
  needs: 'read' | 'write',
): Promise<Gate> {
  mask(token);
  const { createGate } = await import('./github/gate-store.ts');
  const { apiUrl, repository, sha, runUrl } = context;
  return createGate({ ...{ token, apiUrl, repository, sha, runUrl, needs }, environment, clock: createClock(), log });
}
