import type { HttpSpec } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';
import { connectionFailure } from './connection-failure.ts';
import { exchange, type HttpAnswer } from './exchange.ts';
import { expectAnswer } from './expect-answer.ts';
import { createCheck } from './look.ts';
import { secondsOf } from './seconds.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks an address from the runner. Follows up to five redirects, unless the check wants one as its answer; headers of the
 * check go no further than the address that it names.
 */
export function createHttpCheck(spec: HttpSpec, environment: Readonly<Record<string, string | undefined>>): Check {
  const late: CheckAnswer = { state: 'fail', message: `does not answer within ${secondsOf(spec.timeoutMs)}` };

  async function follow(url: URL, redirects: number, signal: AbortSignal): Promise<CheckAnswer> {
    const headers = url.origin === new URL(spec.url).origin ? spec.headers : {};
    const answer = await exchange({ method: 'GET', url, headers, signal }, environment);
    const next = spec.statuses.includes(answer.status) ? undefined : redirectOf(answer, url);
    if (next === undefined) return expectAnswer(spec, answer.status, answer.text);
    if (redirects >= MOST_REDIRECTS) return { state: 'fail', message: `redirects more than ${MOST_REDIRECTS} times` };
    if (!/^https?:$/.test(next.protocol)) return { state: 'fail', message: `redirects to ${next.protocol}` };
    return follow(next, redirects + 1, signal);
  }

  return createCheck(spec, { early: true, late: () => late }, async (signal) => {
    try {
      return await follow(new URL(spec.url), 0, signal);
    } catch (error) {
      return connectionFailure(error);
    }
  });
}

function redirectOf({ status, headers: { location } }: HttpAnswer, from: URL): URL | undefined {
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}
