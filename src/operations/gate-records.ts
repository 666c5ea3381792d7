import { errorMessage, GitHubError } from '../errors.ts';
import { type Deployed, readDeployed } from '../gate/deployed.ts';
import { isDecided, type Standing, type Subject, standingOf } from '../gate/standing.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../gate/task.ts';
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
  const filter = { environment: GATE_ENVIRONMENT, task: gateTask(subject.scope, subject.release) };
  const records = await gate.read(filter, (read) => isDecided(subject, read, trust), signal);
  return standingOf(subject, records, trust, told);
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
