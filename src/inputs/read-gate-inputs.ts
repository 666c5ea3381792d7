import { InputError } from '../errors.ts';
import { sameEnvironment } from '../gate/same-environment.ts';
import { releaseNameProblem } from '../release/release-name.ts';
import { showRelease } from '../release/release-text.ts';
import { booleanProblem, isFalse } from './boolean.ts';
import { parseDuration } from './duration.ts';
import { environmentProblem } from './gate-names.ts';
import { type GateTerms, readGateTerms } from './gate-terms.ts';
import type { InputSource } from './read-inputs.ts';

/** What gate/, block/ and unblock/ all ask for. */
interface SharedInputs extends GateTerms {
  readonly release: string;
}

export interface GateInputs extends SharedInputs {
  readonly environment: string;
  /** Empty for none. */
  readonly after: string;
  readonly soakMs: number;
  readonly allowRedeploy: boolean;
}

export interface BlockInputs extends SharedInputs {
  /** Empty where nobody says. */
  readonly environment: string;
  readonly reason: string;
}

export interface UnblockInputs extends SharedInputs {
  /** A record's id; undefined for the one that closes the gate now. */
  readonly block: number | undefined;
  readonly reason: string;
}

const LONGEST_REASON = 500;

/** The inputs of gate/. Throws InputError with every problem at once. */
export function readGateInputs(source: InputSource): GateInputs {
  const { inputs, problems } = readShared(source);
  const [environment, after, soak] = [source('environment'), source('after'), source('soak')];
  const soakMs = /^(0+[hms]?)?$/.test(soak) ? 0 : parseDuration(soak);
  const redeploy = source('allow-redeploy');
  refuse([
    ...problems,
    environment === '' && 'environment is empty: name the environment that the release is to enter',
    environmentProblem('environment', environment),
    environmentProblem('after', after),
    after !== '' &&
      sameEnvironment(after, environment) &&
      `after "${showRelease(after)}" is the environment itself: name another`,
    soakMs === undefined && `soak "${showRelease(soak)}" is no duration: write 90s, 10m or 1h30m`,
    soakMs !== 0 && after === '' && 'soak says for how long, but not where: name the environment in after',
    booleanProblem('allow-redeploy', redeploy),
  ]);
  return { ...inputs, environment, after, soakMs: soakMs ?? 0, allowRedeploy: !isFalse(redeploy) };
}

/** The inputs of block/. Throws InputError with every problem at once. */
export function readBlockInputs(source: InputSource): BlockInputs {
  const { inputs, problems } = readShared(source);
  const [environment, reason] = [source('environment'), source('reason')];
  refuse([...problems, environmentProblem('environment', environment), reasonProblem(reason)]);
  return { ...inputs, environment, reason };
}

/** The inputs of unblock/, in the given attempt of the run. Throws InputError with every problem at once. */
export function readUnblockInputs(source: InputSource, runAttempt: number): UnblockInputs {
  const { inputs, problems } = readShared(source);
  const [block, reason] = [source('block'), source('reason')];
  const id = /^[1-9]\d{0,15}$/.test(block) ? Number(block) : undefined;
  refuse([
    ...problems,
    block !== '' &&
      id === undefined &&
      `block "${showRelease(block)}" is no record: write its number, as the gate does`,
    // What closes the gate now may be newer than what the first attempt was started for.
    block === '' && runAttempt > 1 && 'block is empty in a re-run: name the record to lift, or start a new run',
    reasonProblem(reason),
  ]);
  return { ...inputs, block: id, reason };
}

function readShared(source: InputSource): { readonly inputs: SharedInputs; readonly problems: readonly Problem[] } {
  const release = source('release');
  const { terms, problems } = readGateTerms(source);
  const named = release === '' ? 'release is empty: name the release, for example 1.4.2' : releaseNameProblem(release);
  const absent = terms.token === '' && 'github-token is empty: leave it out for the token of the job';
  return { inputs: { ...terms, release }, problems: [named, ...problems, absent] };
}

function reasonProblem(reason: string): string | undefined {
  if (!/[\p{L}\p{N}]/u.test(reason)) return 'reason says nothing: write why, for those who ask later';
  return reason.length > LONGEST_REASON ? `reason is longer than ${LONGEST_REASON} characters: shorten it` : undefined;
}

/** A line that says what to do; nothing where all is well. */
type Problem = string | false | undefined;

function refuse(given: readonly Problem[]): void {
  const problems = given.filter((problem) => typeof problem === 'string' && problem !== '') as readonly string[];
  if (problems.length > 0) throw new InputError(problems);
}
