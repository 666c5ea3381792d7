import { setTimeout as pause } from 'node:timers/promises';
import type { Hub } from './call.ts';
import { type Commits, createCommits } from './commits.ts';
import { createDeploymentStore } from './deployment-store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFaults, type Fault, type Faults, type IncomingRequest } from './faults.ts';
import { listen, type Outcome, type RawRequest } from './listener.ts';
import type { StoredDeployment } from './records.ts';
import { type Reply, refusal } from './reply.ts';
import { type Seed, seedInto } from './seed.ts';
import { type Request, readRequest, serve } from './serve.ts';
import { createStaleReads, type StaleReads } from './stale-reads.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** One request as it was answered. */
export interface LoggedRequest extends IncomingRequest {
  /** 0 while, or where, it got no answer. */
  readonly status: number;
  /** Whose token it came with; empty without a valid one. */
  readonly login: string;
}

export interface FakeGitHub {
  /** `http://127.0.0.1:PORT`, as github.com's API; with `/api/v3` as an Enterprise Server's. */
  readonly url: string;
  /** `octo/shop` */
  readonly repository: string;
  /** Makes a token; without `who` it is a workflow's GITHUB_TOKEN, without `who.app` a person's. */
  readonly token: Tokens['issue'];
  /** What is there, newest first, also what stale reads hide. */
  readonly deployments: () => readonly StoredDeployment[];
  /** In the order in which they came. */
  readonly requests: readonly LoggedRequest[];
  /** Requests that broke the API's description, one line each. */
  readonly violations: readonly string[];
  /** Takes a deployment away, also one that the API would not delete. */
  readonly remove: (id: number) => void;
  /** Puts many records there at once, the oldest first; gives their ids. */
  readonly seed: (records: readonly Seed[]) => readonly number[];
  /** Makes or moves a branch or tag. `main` is there, at the commit of the sandbox's runner. */
  readonly push: Commits['push'];
  readonly faults: Faults;
  /** New deployments are missing from so many lists that should show them. */
  readonly staleFor: StaleReads['set'];
  readonly clock: FakeClock;
  /** Moves GitHub's time on. */
  readonly advance: FakeClock['advance'];
  /** Stops. Throws where the fake itself answered what GitHub never would. */
  readonly close: () => Promise<void>;
}

const REPOSITORY = 'octo/shop';

/** Opens a GitHub with one repository that nothing was deployed from yet. */
export async function openFakeGitHub(): Promise<FakeGitHub> {
  const [clock, tokens, faults] = [createFakeClock(), createTokens(), createFaults()];
  const deployments = createDeploymentStore(clock);
  const hub: Hub = { clock, deployments, commits: createCommits(), stale: createStaleReads(clock) };
  const requests: LoggedRequest[] = [];

  const answer = async (raw: RawRequest): Promise<Outcome> => {
    const request = readRequest(raw, tokens);
    const incoming = incomingOf(request);
    const index = requests.push({ ...incoming, status: 0, login: request.caller?.login ?? '' }) - 1;
    const outcome = await meet(faults.draw(incoming), incoming, clock, () =>
      serve(request, listener.url, REPOSITORY, hub),
    );
    if (typeof outcome === 'object')
      requests[index] = { ...(requests[index] as LoggedRequest), status: outcome.status };
    return outcome;
  };
  const listener = await listen(answer);

  return {
    url: listener.url,
    repository: REPOSITORY,
    token: tokens.issue,
    deployments: deployments.all,
    requests,
    violations: [],
    remove: deployments.remove,
    seed: (records) => seedInto(deployments, records),
    push: hub.commits.push,
    faults,
    staleFor: hub.stale.set,
    clock,
    advance: clock.advance,
    close: listener.stop,
  };
}

function incomingOf({ raw, query }: Request): IncomingRequest {
  const { pathname } = new URL(raw.url, 'http://localhost');
  return { method: raw.method, path: pathname, query, body: parsed(raw.body) };
}

function parsed(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}

/** Lets a fault happen to a request. */
async function meet(
  fault: Fault | undefined,
  request: IncomingRequest,
  clock: FakeClock,
  carryOut: () => Reply,
): Promise<Outcome> {
  if (!fault) return carryOut();
  if ('answer' in fault) return forced(fault);
  if ('limited' in fault) return limited(fault, clock);
  if ('reset' in fault || 'silence' in fault) {
    const when = 'reset' in fault ? fault.reset : fault.silence;
    if (when === 'after') carryOut();
    return 'reset' in fault ? 'reset' : 'silence';
  }
  if ('delayMs' in fault) await pause(fault.delayMs, undefined, { ref: false });
  if ('before' in fault) await fault.before(request);
  const reply = carryOut();
  if ('after' in fault) await fault.after(request);
  return reply;
}

function forced({ answer, message = 'Server Error', body, headers = {} }: Extract<Fault, { answer: number }>): Reply {
  if (body !== undefined) return { status: answer, body, headers };
  if (answer >= 500) return { status: answer, body: `<html><title>${message}</title><p>Unicorn!</html>`, headers };
  return refusal(answer, message, headers);
}

function limited(fault: Extract<Fault, { limited: string }>, clock: FakeClock): Reply {
  if (fault.limited === 'primary') {
    const reset = String(Math.ceil(clock.now() / 1000) + fault.resetAfterSeconds);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    return refusal(403, 'API rate limit exceeded for installation ID 4711.', headers);
  }
  const { status = 403, retryAfterSeconds } = fault;
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return refusal(status, message, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
}
