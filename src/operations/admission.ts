import { errorMessage, GitHubError } from '../errors.ts';
import { type Closed, closedBy } from '../gate/rule.ts';
import type { Standing } from '../gate/standing.ts';
import type { Gate } from '../ports.ts';
import { showRelease } from '../release/release-text.ts';
import type { GateReport } from '../result.ts';
import { releasesLeft } from './blocking.ts';
import { readStanding } from './gate-records.ts';
import type { Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';

/** Whether a train may go on to its first write. */
export type Admission =
  | {
      readonly kind: 'admitted';
      readonly answer: Exclude<GateReport['answer'], 'closed'>;
      /** Where releases stood when they were asked about, as far as that is known. */
      readonly standings: ReadonlyMap<string, Standing>;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'stopped'; readonly closed: Closed };

/**
 * Asks the gate about the train's release: a block stops it, but never the restart of what runs well already (as in
 * Octopus). What cannot be asked stops whoever names an environment; a way back, which must not hang on GitHub, is warned.
 */
export async function admit(
  { gate, log }: Pick<RollPorts, 'gate' | 'log'>,
  request: TrainRequest,
  train: Train,
): Promise<Admission> {
  const admitted = (
    answer: Exclude<GateReport['answer'], 'closed'>,
    standings: ReadonlyMap<string, Standing> = new Map(),
    warnings: readonly string[] = [],
  ): Admission => ({ kind: 'admitted', answer, standings, warnings });
  if (!gate) return admitted('off');
  if (runsWell(train)) return admitted('not-asked');
  const { release } = train;
  // What a rollback leaves is blocked without asking again.
  const left = request.blockOnRollback ? train.steps.flatMap((step) => releasesLeft(step, train)) : [];
  const others = Promise.all([...new Set(left)].map((each) => standingIfKnown(gate, each, request)));
  try {
    const standing = await standingOf(gate, release, request);
    if (standing.kind !== 'clear') return { kind: 'stopped', closed: closedBy(release, standing) };
    log.info(`the gate is open: ${showRelease(release)} is not blocked`);
    return admitted('open', new Map([[release, standing], ...(await others).flat()]));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const unknown = `whether ${showRelease(release)} is blocked could not be asked: ${errorMessage(error)}`;
    if (train.mode.mode === 'rollback') {
      log.warn(unknown);
      return admitted('unknown', new Map((await others).flat()), [unknown]);
    }
    if (request.environment !== '')
      return { kind: 'stopped', closed: { kind: 'closed', code: 'gate-unreadable', why: unknown } };
    log.info(`${unknown}; going on, since no environment is named`);
    return admitted('unknown');
  }
}

/** Whether every workload runs the release already and was seen well, and is not given other bits under its name. */
function runsWell({ release, mode, steps }: Train): boolean {
  return (
    mode.mode !== 'deploy' && steps.every(({ survey: { state } }) => state.live.release === release && state.proven)
  );
}

function standingOf(gate: Gate, release: string, { scope, trust }: TrainRequest): Promise<Standing> {
  return readStanding(gate, { scope, release }, trust);
}

async function standingIfKnown(
  gate: Gate,
  release: string,
  request: TrainRequest,
): Promise<readonly (readonly [string, Standing])[]> {
  try {
    return [[release, await standingOf(gate, release, request)]];
  } catch {
    return [];
  }
}
