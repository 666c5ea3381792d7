import { InputError } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';
import { environmentProblem } from './gate-names.ts';
import { type InputSource, readTrainInputs, type TrainInputs } from './read-inputs.ts';

export interface AbortInputs extends TrainInputs {
  /** Empty where no reviewers are asked why. */
  readonly reviewEnvironment: string;
}

const SHARED = [
  ...['release', 'namespace', 'deployment', 'timeout', 'reason', 'rollback-config'],
  ...['allow-gitops-drift', 'forced-rollback'],
  ...['environment', 'scope', 'block-on-rollback', 'trusted-writers', 'github-token', 'kubeconfig', 'context'],
];
const OF_PROMOTE = [...SHARED, 'fail-fast', 'fail-on-rollback', 'verify', 'update-config'];
const SIZES = ['next', 'all'] as const;

/** The inputs of promote/: the root's, but for those that are decided once a canary is held. Throws InputError with every problem at once. */
export async function readPromoteInputs(source: InputSource): Promise<TrainInputs> {
  const to = SIZES.find((known) => known === (source('to') || 'next'));
  const problem = to ? undefined : `to "${showRelease(source('to'))}" is unknown: use ${SIZES.join(', ')}`;
  const inputs = await withProblem(problem, readTrainInputs(aboutHeld(source, OF_PROMOTE)));
  return { ...inputs, mode: 'auto', held: 'promote', canary: { sizes: [], to: to ?? 'next' } };
}

/** The inputs of abort/, likewise. Throws InputError with every problem at once. */
export async function readAbortInputs(source: InputSource): Promise<AbortInputs> {
  const reviewEnvironment = source('review-environment');
  const problem = environmentProblem('review-environment', reviewEnvironment);
  const inputs = await withProblem(problem, readTrainInputs(aboutHeld(source, SHARED)));
  return { ...inputs, held: 'abort', reviewEnvironment };
}

/** What is held has its bits, and needs no name: only a rollback needs neither. */
function aboutHeld(source: InputSource, names: readonly string[]): InputSource {
  return (name) => (name === 'mode' ? 'rollback' : names.includes(name) ? source(name) : '');
}

async function withProblem<T>(problem: string | undefined, reading: Promise<T>): Promise<T> {
  if (problem === undefined) return reading;
  const others = await reading.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      return error.problems;
    },
  );
  throw new InputError([...others, problem]);
}
