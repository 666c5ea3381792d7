import type { Hub } from './call.ts';
import { type Commits, createCommits } from './commits.ts';
import { createDeploymentStore } from './deployment-store.ts';
import { readDescription } from './description.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFaults, type Faults, type IncomingRequest } from './faults.ts';
import { listen, type Outcome, type RawRequest } from './listener.ts';
import { meetFault } from './meet-fault.ts';
import { createRateLimit, type RateLimits } from './rate-limit.ts';
import type { StoredDeployment } from './records.ts';
import { refusal } from './reply.ts';
import { readRequest } from './request.ts';
import { createReviewStore, type ReviewStore } from './review-store.ts';
import { type Seed, seedInto } from './seed.ts';
import { serve } from './serve.ts';
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
  /** What requests did that no client should, whether GitHub minds or overlooks it: one line each. */
  readonly violations: readonly string[];
  /** Takes a deployment away, also one that the API would not delete. */
  readonly remove: (id: number) => void;
  /** Puts many records there at once, the oldest first; gives their ids. */
  readonly seed: (records: readonly Seed[]) => readonly number[];
  /** Reviews a run's jobs that wait for an environment, as somebody on GitHub's pages. */
  readonly review: ReviewStore['add'];
  /** Makes or moves a branch or tag. `main` is there, at the commit of the sandbox's runner. */
  readonly push: Commits['push'];
  readonly faults: Faults;
  /** From now on, new deployments are missing from so many lists that should show them. */
  readonly staleFor: StaleReads['set'];
  readonly clock: FakeClock;
  /** Moves GitHub's time on. */
  readonly advance: FakeClock['advance'];
  /** Stops. Throws where the fake itself answered what GitHub never would. */
  readonly close: () => Promise<void>;
}

const REPOSITORY = 'octo/shop';
/** Says the same for ever, and takes its time to compile. */
const DESCRIPTION = readDescription();

/** Opens a GitHub with one private repository that nothing was deployed from yet. */
export async function openFakeGitHub(limits: RateLimits = {}): Promise<FakeGitHub> {
  const [clock, tokens, faults] = [createFakeClock(), createTokens(), createFaults()];
  const deployments = createDeploymentStore(clock);
  const reviews = createReviewStore();
  const hub: Hub = { clock, deployments, reviews, commits: createCommits(), stale: createStaleReads(clock) };
  const limit = createRateLimit(limits, clock);
  const requests: LoggedRequest[] = [];
  const violations: string[] = [];
  const broken: unknown[] = [];

  const answer = async (raw: RawRequest): Promise<Outcome> => {
    const request = readRequest(raw, tokens, REPOSITORY);
    const { method, path, query, body, caller } = request;
    const logged = { method, path, query, body, status: 0, login: caller?.login ?? '' };
    const index = requests.push(logged) - 1;
    const service = { url: listener.url, repository: REPOSITORY, hub, description: DESCRIPTION, limit };
    const carryOut = () => {
      const reply = serve(request, service);
      for (const each of reply.violations ?? []) violations.push(`${method} ${raw.url}: ${each.replace(/\s+/g, ' ')}`);
      return reply;
    };
    const fault = faults.draw(logged);
    const outcome = fault ? await meetFault(fault, logged, clock, carryOut) : carryOut();
    if (typeof outcome === 'object') requests[index] = { ...logged, status: outcome.status };
    return outcome;
  };
  const listener = await listen((raw) =>
    answer(raw).catch((error: unknown) => {
      broken.push(error);
      return refusal(500, String(error));
    }),
  );

  return {
    url: listener.url,
    repository: REPOSITORY,
    token: tokens.issue,
    deployments: deployments.all,
    requests,
    violations,
    remove: deployments.remove,
    seed: (records) => seedInto(deployments, records),
    review: reviews.add,
    push: hub.commits.push,
    faults,
    staleFor: hub.stale.set,
    clock,
    advance: clock.advance,
    close: async () => {
      await listener.stop();
      if (broken.length > 0) throw new AggregateError(broken, broken.map(String).join('\n'));
    },
  };
}
