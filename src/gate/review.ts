import { plainLine } from '../foreign/plain-text.ts';
import { showRelease } from '../release/release-text.ts';
import { sameEnvironment } from './same-environment.ts';

/** What a reviewer said to the jobs of a run that waited for environments. Foreign text, all of it. */
export interface Review {
  readonly environments: readonly string[];
  /** `approved`, `rejected` or `pending`. */
  readonly state: string;
  /** Empty where the account is gone. */
  readonly login: string;
  readonly comment: string;
}

/** In characters, for one line that holds more than it. */
const LONGEST_COMMENT = 300;
const MOST_NAMED = 3;

/**
 * Who turned a run down in an environment, and why, as a clause; undefined where nobody did. GitHub says neither when a
 * review was given nor in which attempt of the run, nor in which order it lists them, so that all of them are named.
 */
export function rejectionIn(environment: string, reviews: readonly Review[]): string | undefined {
  const rejections = reviews.filter(
    ({ state, environments }) =>
      state === 'rejected' && environments.some((name) => sameEnvironment(name, environment)),
  );
  const [first, ...others] = [...new Set(rejections.map((review) => saidBy(review, environment)))];
  if (first === undefined) return undefined;
  const rest = others.length - (MOST_NAMED - 1);
  const further = [...others.slice(0, MOST_NAMED - 1), ...(rest > 0 ? [`by ${rest} more`] : [])];
  return `rejected ${[first, ...further].join('; ')}`;
}

function saidBy({ login, comment }: Review, environment: string): string {
  const who = login === '' ? 'by somebody' : `by @${showRelease(login)}`;
  const why = plainLine(comment, LONGEST_COMMENT);
  return `${who} in ${showRelease(environment)}${why && `: ${why}`}`;
}
