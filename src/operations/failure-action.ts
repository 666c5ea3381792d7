import { lastWords } from '../foreign/last-words.ts';
import type { WorkloadResult } from '../result.ts';
import type { Concluded } from './conclude.ts';
import { gatherEvidence } from './evidence.ts';
import { pauseWorkload } from './pause-workload.ts';
import type { Train } from './prepare.ts';
import { rollBackTrain } from './roll-back-train.ts';
import { isRefuted, type RollPorts } from './roll-workload.ts';
import type { FailureControl, TrainRequest } from './train-request.ts';

/** A train whose legs have all come to an end. */
export interface Ended {
  readonly train: Train;
  readonly request: TrainRequest;
  readonly concluded: readonly Concluded[];
}

/**
 * Does what the request wants done about a release that failed, once its evidence is safe: takes the whole train back,
 * or pauses it where it is. Only verdicts on the release count: what the API, somebody else or a cancelled run stopped
 * stays as it is.
 */
export async function actOn(ports: RollPorts, ended: Ended): Promise<readonly WorkloadResult[]> {
  const { train, request } = ended;
  if (!ended.concluded.some(({ leg }) => isRefuted(leg))) return ended.concluded.map(({ result }) => result);
  const concluded = await Promise.all(ended.concluded.map((each) => withEvidence(ports, each)));
  switch (actionOn(train, request)) {
    case 'rollback':
      return rollBackTrain(ports, { train, request, concluded });
    case 'pause':
      return Promise.all(concluded.map((each) => pauseWorkload(ports, each)));
    case 'none':
      return concluded.map(({ result }) => result);
  }
}

/** What is done about a release that fails; a rollback is never rolled back (as Swarm's, Kargo's and GitLab's are not). */
export function actionOn(
  { mode }: Train,
  { update }: TrainRequest,
): Exclude<FailureControl['failureAction'], 'continue'> | 'none' {
  return mode.mode === 'rollback' || update.failureAction === 'continue' ? 'none' : update.failureAction;
}

async function withEvidence(ports: RollPorts, { leg, result }: Concluded): Promise<Concluded> {
  if (leg.kind !== 'watched' || !isRefuted(leg)) return { leg, result };
  const evidence = await gatherEvidence(ports, leg.step.survey.ref, leg.end.last, leg.end.cause);
  const words = lastWords(evidence, leg.end.cause);
  const message = words === '' ? result.message : `${result.message}: "${words}"`;
  return { leg, result: { ...result, evidence, message } };
}
