import { errorMessage, GitHubError } from '../errors.ts';
import { type Deployed, readDeployed } from '../gate/deployed.ts';
import type { StoredRecord } from '../gate/record.ts';
import { isDecided, type Standing, type Subject, standingOf } from '../gate/standing.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
import { toldBlocks } from '../gate/told-blocks.ts';
import type { Trust } from '../gate/trust.ts';
import type { Gate } from '../ports.ts';

/** Where a release stands at the gate, in one request as a rule. Throws GitHubError. */
export async function readStanding(
  gate: Gate,
  subject: Subject,
  trust: Trust,
  told: readonly number[] = [],
  signal?: AbortSignal,
): Promise<Standing> {
  return standingOf(subject, await readRecords(gate, subject, trust, signal), trust, told);
}

/**
 * Where a release stands also by what runs say that they blocked, so that a block is missed that somebody deleted. Two
 * requests at once; a record that closes the gate waits for no other answer, so `lately` may come later. Throws
 * GitHubError.
 */
export async function readToldStanding(
  gate: Gate,
  subject: Subject,
  trust: Trust,
  signal?: AbortSignal,
): Promise<{
  readonly standing: Standing;
  readonly records: readonly StoredRecord[];
  /** Empty where the gate is closed and this could not be read. */
  readonly lately: Promise<readonly Deployed[]>;
}> {
  const reading = readLately(gate, subject.scope, trust, signal);
  reading.catch(() => undefined);
  const records = await readRecords(gate, subject, trust, signal);
  const known = standingOf(subject, records, trust);
  if (known.kind !== 'clear') return { standing: known, records, lately: reading.catch(() => []) };
  const told = toldBlocks(subject.release, await reading);
  return { standing: standingOf(subject, records, trust, told), records, lately: reading };
}

function readRecords(
  gate: Gate,
  subject: Subject,
  trust: Trust,
  signal: AbortSignal | undefined,
): Promise<readonly StoredRecord[]> {
  const filter = { environment: GATE_ENVIRONMENT, task: gateTask(subject.scope, subject.release) };
  return gate.read(filter, (read) => isDecided(subject, read, trust), signal);
}

/** What runs brought where, newest first: the last hundred of them, in all environments. Throws GitHubError. */
export async function readLately(
  gate: Gate,
  scope: string,
  trust: Trust,
  signal?: AbortSignal,
): Promise<readonly Deployed[]> {
  return readDeployed(scope, await gate.read({ task: deployTask(scope) }, () => true, signal), trust);
}

/** Where a release stands once a record about it was written. Throws GitHubError that says that it was. */
export async function readStandingAfter(
  record: number,
  gate: Gate,
  subject: Subject,
  trust: Trust,
  told: readonly number[],
): Promise<Standing> {
  try {
    return await readStanding(gate, subject, trust, told);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const message = `record ${record} is written, but what holds now could not be read: ${errorMessage(error)}`;
    throw new GitHubError(error.kind, message, { cause: error });
  }
}

/** What ran in an environment, newest first, as far back as `enough` asks for. Throws GitHubError. */
export async function readWhereabouts(
  gate: Gate,
  { scope, environment }: { readonly scope: string; readonly environment: string },
  trust: Trust,
  enough: (deployed: readonly Deployed[]) => boolean,
  signal?: AbortSignal,
): Promise<readonly Deployed[]> {
  const filter = { environment, task: deployTask(scope) };
  const records = await gate.read(filter, (read) => enough(readDeployed(scope, read, trust)), signal);
  return readDeployed(scope, records, trust);
}
