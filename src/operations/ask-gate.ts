import { errorMessage } from '../errors.ts';
import type { Deployed } from '../gate/deployed.ts';
import { type Decision, MOST_LOOKED_AT, mayEnter, type Passage } from '../gate/rule.ts';
import { type Standing, standingOf } from '../gate/standing.ts';
import { toldBlocks } from '../gate/told-blocks.ts';
import type { Trust } from '../gate/trust.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { readToldStanding, readWhereabouts } from './gate-records.ts';

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
 * Asks whether a release may enter an environment: two requests at once, and one more where the answer hangs on what ran
 * in an environment long ago. Throws GitHubError, which keeps the gate closed.
 */
export async function askGate({ gate, clock, log }: AskPorts, question: Question): Promise<Decision> {
  const { release, environment, after, trust } = question;
  const unneeded = new AbortController();
  try {
    const { standing, records, lately } = await readToldStanding(gate, question, trust, unneeded.signal);
    if (standing.kind !== 'clear') {
      const seen = hangsOnHere(question, standing) ? whereaboutsIn(environment, await lately) : undefined;
      const here = seen?.length === 0 ? await readHere(gate, log, question) : (seen ?? []);
      return mayEnter(question, standing, { here, after: [] }, clock.now());
    }
    const soon = mayEnter(question, standing, { here: [], after: whereaboutsIn(after, await lately) }, clock.now());
    if (soon.kind === 'open') return soon;
    const all = await readVerified(gate, clock, question);
    const again = standingOf(question, records, trust, toldBlocks(release, [...(await lately), ...all]));
    return mayEnter(question, again, { here: [], after: all }, clock.now());
  } finally {
    unneeded.abort();
  }
}

function whereaboutsIn(environment: string, deployed: readonly Deployed[]): readonly Deployed[] {
  return deployed.filter(({ record }) => record.environment === environment);
}

/** As far back as the rule needs to open; for a release that was never verified there, as far as is worth it. */
function readVerified(gate: Gate, clock: Clock, question: Question): Promise<readonly Deployed[]> {
  const { scope, after, trust } = question;
  const opens = (deployed: readonly Deployed[]) =>
    mayEnter(question, { kind: 'clear', newest: undefined }, { here: [], after: deployed }, clock.now()).kind ===
    'open';
  const enough = (deployed: readonly Deployed[]) => deployed.length >= MOST_LOOKED_AT || opens(deployed);
  return readWhereabouts(gate, { scope, environment: after }, trust, enough);
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
