import { errorMessage } from '../errors.ts';
import type { Deployed } from '../gate/deployed.ts';
import { type Decision, mayEnter, type Passage } from '../gate/rule.ts';
import type { Standing } from '../gate/standing.ts';
import { toldBlocks } from '../gate/told-blocks.ts';
import type { Trust } from '../gate/trust.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { readStanding, readWhereabouts } from './gate-records.ts';

export interface AskPorts {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Question extends Passage {
  readonly scope: string;
  readonly trust: Trust;
}

/**
 * Asks whether a release may enter an environment: one request, and one more for what ran where when the answer hangs on
 * it. Throws GitHubError, which keeps the gate closed.
 */
export async function askGate({ gate, clock, log }: AskPorts, question: Question): Promise<Decision> {
  const { trust, after } = question;
  const unneeded = new AbortController();
  // Asked at the same time, since it is needed as a rule.
  const verified = after === '' ? Promise.resolve([]) : readVerified(gate, clock, question, unneeded.signal);
  verified.catch(() => {});
  try {
    const standing = await readStanding(gate, question, trust);
    if (standing.kind !== 'clear') {
      unneeded.abort();
      const here = hangsOnHere(question, standing) ? await readHere(gate, log, question) : [];
      return mayEnter(question, standing, { here, after: [] }, clock.now());
    }
    const there = await verified;
    const told = toldBlocks(question.release, there);
    const again = told.length === 0 ? standing : await readStanding(gate, question, trust, told);
    return mayEnter(question, again, { here: [], after: there }, clock.now());
  } finally {
    unneeded.abort();
  }
}

/** As far back as the rule needs to open; for a release that was never verified there, all of it. */
function readVerified(gate: Gate, clock: Clock, question: Question, signal: AbortSignal): Promise<readonly Deployed[]> {
  const { scope, after, trust } = question;
  const opens = (deployed: readonly Deployed[]) =>
    mayEnter(question, { kind: 'clear', newest: undefined }, { here: [], after: deployed }, clock.now()).kind ===
    'open';
  return readWhereabouts(gate, { scope, environment: after }, trust, opens, signal);
}

function hangsOnHere({ allowRedeploy }: Question, standing: Standing): boolean {
  return allowRedeploy && standing.kind === 'blocked';
}

/** The block is known, and is not hidden behind a failure to find the one thing that could outweigh it. */
async function readHere(gate: Gate, log: Log, { scope, environment, trust }: Question): Promise<readonly Deployed[]> {
  try {
    return await readWhereabouts(gate, { scope, environment }, trust, (deployed) => deployed.length > 0);
  } catch (error) {
    log.warn(`whether ${environment} runs the release already could not be read: ${errorMessage(error)}`);
    return [];
  }
}
