import { errorMessage } from '../errors.ts';
import type { Deployed } from '../gate/deployed.ts';
import { type Decision, MOST_LOOKED_AT, mayEnter, type Passage, type Whereabouts } from '../gate/rule.ts';
import { sameEnvironment } from '../gate/same-environment.ts';
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

const NOWHERE: Whereabouts = { here: [], after: [] };

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
      if (!hangsOnHere(question, standing)) return mayEnter(question, standing, NOWHERE, clock.now());
      const seen = await lately;
      const near = whereaboutsIn(environment, seen);
      const here = near.length === 0 ? await readHere(gate, log, question) : near;
      const again = standingOf(question, records, trust, toldBlocks(release, [...seen, ...here]));
      return mayEnter(question, again, { here, after: [] }, clock.now());
    }
    const soon = mayEnter(question, standing, { here: [], after: whereaboutsIn(after, await lately) }, clock.now());
    if (soon.kind === 'open') return soon;
    const [seen, verified] = [await lately, await readVerified(gate, clock, question)];
    const all = together(whereaboutsIn(after, seen), verified);
    const again = standingOf(question, records, trust, toldBlocks(release, [...seen, ...all]));
    return mayEnter(question, again, { here: [], after: all }, clock.now());
  } finally {
    unneeded.abort();
  }
}

function whereaboutsIn(environment: string, deployed: readonly Deployed[]): readonly Deployed[] {
  return deployed.filter(({ record }) => sameEnvironment(record.environment, environment));
}

/** Each once, newest first. A list of one environment may lack what is in it by its name in other letters. */
function together(lately: readonly Deployed[], listed: readonly Deployed[]): readonly Deployed[] {
  const known = new Set(lately.map(({ id }) => id));
  return [...lately, ...listed.filter(({ id }) => !known.has(id))].toSorted((one, other) => other.id - one.id);
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
