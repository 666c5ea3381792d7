import { errorMessage } from '../errors.ts';
import { rejectionIn } from '../gate/review.ts';
import type { Clock, Log, Reviews } from '../ports.ts';
import { answerWithin } from './answer-within.ts';

interface ReasonPorts {
  readonly reviews: Reviews;
  readonly clock: Clock;
  readonly log: Log;
  readonly interrupt: AbortSignal;
}

export interface ReasonRequest {
  readonly runId: string;
  /** The environment whose reviewers decided. */
  readonly environment: string;
  /** What else is known. */
  readonly reason: string;
}

/** Nobody is left waiting on a release that a reviewer turned down only because GitHub does not say who it was. */
const PATIENCE = { ms: 5_000 };

/**
 * Why a release is turned down: what the reviewers of the run said, `rejected by @octocat in production: too slow`, or
 * else the reason that was given. Foreign text. Never throws: who rejected it changes nothing about what follows.
 */
export async function reviewerReason(ports: ReasonPorts, request: ReasonRequest): Promise<string> {
  const { runId, environment, reason } = request;
  if (runId === '' || environment === '') return reason;
  try {
    const reviews = await answerWithin(ports, PATIENCE, (signal) => ports.reviews.ofRun(runId, signal));
    const rejection = rejectionIn(environment, reviews);
    if (rejection !== undefined) ports.log.info(rejection);
    return rejection ?? reason;
  } catch (error) {
    ports.log.warn(`nobody can say who rejected the release, if somebody did: ${errorMessage(error)}`);
    return reason;
  }
}
