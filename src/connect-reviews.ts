import { createClock } from './clock.ts';
import type { Runner } from './github/runner.ts';
import type { Reviews } from './ports.ts';

/** The reviews of the repository's runs. Loads what speaks with GitHub only once somebody asks. */
export function connectReviews(token: string, { context, environment, mask }: Runner): Reviews {
  mask(token);
  const { apiUrl, repository } = context;
  return {
    async ofRun(runId, signal) {
      const { createReviews } = await import('./github/approvals.ts');
      return createReviews({ token, apiUrl, repository, environment, clock: createClock() }).ofRun(runId, signal);
    },
  };
}
