import { errorMessage, GitHubError } from '../errors.ts';
import type { GateReport } from '../gate/gate-report.ts';
import { type Closed, closedBy } from '../gate/rule.ts';
import type { Standing } from '../gate/standing.ts';
import { isHeldBack } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import { answerWithin, type Patience } from './answer-within.ts';
import { releasesLeft } from './blocking.ts';
import { readStanding, readToldStanding } from './gate-records.ts';
import type { Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';

/** For a way back every second counts. */
export const FOR_A_WAY_BACK: Patience = { ms: 5_000 };
const FOR_WHOEVER_GOES_ON: Patience = { ms: 15_000 };
/** Longer than the gate itself tries. */
const FOR_WHOEVER_NEEDS_IT: Patience = { ms: 120_000 };

/** Whether a train may go on to its first write. */
export type Admission = Admitted | { readonly kind: 'stopped'; readonly closed: Closed };

export interface Admitted {
  readonly kind: 'admitted';
  readonly answer: Exclude<GateReport['answer'], 'closed'>;
  /** Where releases stood when they were asked about, as far as that is known. */
  readonly standings: ReadonlyMap<string, Standing>;
  readonly warnings: readonly string[];
}

/** Nothing was asked, and nothing has to be. */
export function notAsked({ passedOver }: Train): Admitted {
  return { kind: 'admitted', answer: 'not-asked', standings: new Map(), warnings: passedOver };
}

/**
 * Asks the gate about the train's release: a block stops it, but never the restart of what runs well already (as in
 * Octopus). What cannot be asked stops whoever names an environment; a way back, which must not hang on GitHub, is warned.
 */
export async function admit(
  ports: Pick<RollPorts, 'gate' | 'clock' | 'log' | 'interrupt'>,
  request: TrainRequest,
  train: Train,
): Promise<Admission> {
  const { gate, log, interrupt } = ports;
  const admitted = (
    answer: Exclude<GateReport['answer'], 'closed'>,
    standings: ReadonlyMap<string, Standing> = new Map(),
    warnings: readonly string[] = [],
  ): Admission => ({ kind: 'admitted', answer, standings, warnings: [...train.passedOver, ...warnings] });
  if (!gate) return admitted('off');
  if (neverLeft(request, train) || runsWell(train) || seesToItsEnd(train)) return admitted('not-asked');
  const { release } = train;
  // What a rollback leaves is blocked without asking again.
  const left = request.blockOnRollback ? train.steps.flatMap((step) => releasesLeft(step, train)) : [];
  const { scope, trust } = request;
  const patience = patienceFor(request, train);
  const glance = (each: string) =>
    answerWithin(ports, patience, (signal) => readStanding(gate, { scope, release: each }, trust, [], signal));
  const others = Promise.all([...new Set(left)].map((each) => ifKnown(each, glance)));
  // Looked at below, unless the target's answer ends it before.
  others.catch(() => undefined);
  try {
    const { standing } = await answerWithin(ports, patience, (signal) =>
      readToldStanding(gate, { scope, release }, trust, signal),
    );
    if (standing.kind !== 'clear') return { kind: 'stopped', closed: closedBy(release, standing) };
    log.info(`the gate is open: ${showRelease(release)} is not blocked`);
    return admitted('open', new Map([[release, standing], ...(await others).flat()]));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // A cancelled run writes nothing, and says so itself.
    if (interrupt.aborted) return admitted('unknown');
    const unknown = `whether ${showRelease(release)} is blocked could not be asked: ${errorMessage(error)}`;
    if (train.mode.mode === 'rollback') {
      log.warn(unknown);
      return admitted('unknown', new Map((await others).flat()), [unknown]);
    }
    if (request.environment !== '')
      return { kind: 'stopped', closed: { kind: 'closed', code: 'gate-unreadable', why: unknown } };
    log.info(`going on without the gate, since no environment is named: ${unknown}`);
    return admitted('unknown');
  }
}

/**
 * Whether nothing is written, since the release is live: whoever only sees its rollout to its end promotes nothing, and a
 * run that was killed on its way back must find its way. The same bits under another name are another release.
 */
function seesToItsEnd({ release, steps }: Train): boolean {
  return steps.every(
    ({ change, canary, survey }) =>
      change.kind === 'keep' && canary?.grows !== true && survey.state.live.release === release,
  );
}

/** Whether what it goes back to still runs beside canaries that are held back. */
function neverLeft({ held }: TrainRequest, { release, mode, steps }: Train): boolean {
  const beside = steps.every(({ survey: { state }, change }) =>
    state.canary ? isHeldBack(state.canary) && state.canary.from === release : change.kind === 'keep',
  );
  const some = steps.some(({ survey }) => survey.state.canary);
  return held === 'abort' || (mode.mode === 'rollback' && some && beside);
}

/** Whether every workload runs the release already and was seen well, and is not given other bits under its name. */
function runsWell({ release, mode, steps }: Train): boolean {
  return (
    mode.mode !== 'deploy' && steps.every(({ survey: { state } }) => state.live.release === release && state.proven)
  );
}

function patienceFor({ environment }: TrainRequest, { mode }: Train): Patience {
  if (mode.mode === 'rollback') return FOR_A_WAY_BACK;
  return environment === '' ? FOR_WHOEVER_GOES_ON : FOR_WHOEVER_NEEDS_IT;
}

async function ifKnown(
  release: string,
  ask: (release: string) => Promise<Standing>,
): Promise<readonly (readonly [string, Standing])[]> {
  try {
    return [[release, await ask(release)]];
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return [];
  }
}
