import { errorMessage, GitHubError } from '../errors.ts';
import { type Closed, closedBy } from '../gate/rule.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { FOR_A_WAY_BACK } from './admission.ts';
import { answerWithin } from './answer-within.ts';
import { readStanding } from './gate-records.ts';
import type { TrainRequest } from './train-request.ts';

/** What closes the gate to a release that may be gone back to; undefined where nothing does, or nobody could say. */
export type Glance = (release: string) => Promise<Closed | undefined>;

export interface GlancePorts {
  readonly gate?: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly interrupt: AbortSignal;
}

/**
 * Asks about each release that is blocked once, however often a run decides; about others again, since somebody may have
 * blocked them meanwhile. About none any more once an answer did not come: that bars nothing, since the gate is asked again
 * before anything is written, and tells then.
 */
export function createGlance(ports: GlancePorts, { scope, trust }: Pick<TrainRequest, 'scope' | 'trust'>): Glance {
  const { gate, log } = ports;
  if (!gate) return async () => undefined;
  const closed = new Map<string, Closed>();
  let away = false;
  const ask = async (release: string): Promise<Closed | undefined> => {
    if (away) return undefined;
    try {
      const standing = await answerWithin(ports, FOR_A_WAY_BACK, (signal) =>
        readStanding(gate, { scope, release }, trust, [], signal),
      );
      if (standing.kind === 'clear') return undefined;
      const answer = closedBy(release, standing);
      closed.set(release, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      away = true;
      log.debug(`whether ${release} is blocked could not be read: ${errorMessage(error)}`);
      return undefined;
    }
  };
  return async (release) => closed.get(release) ?? ask(release);
}
