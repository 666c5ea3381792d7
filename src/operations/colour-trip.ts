import type { Closed } from '../gate/rule.ts';
import type { Moment, WorkloadResult } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import type { BlueGreenReport } from '../rollout/blue-green-report.ts';
import type { Service } from '../rollout/service.ts';
import type { Dealing } from './blue-green-failure.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import type { Leg } from './leg.ts';
import type { Put } from './put-on-idle.ts';
import { policyOf } from './ride-train.ts';
import type { Survey } from './survey.ts';
import type { ChecksAbout } from './train-request.ts';
import type { ChecksEnd } from './watch-checks.ts';
import type { ColourEnd } from './watch-colour.ts';

/** A release on its way to the colour that serves nobody, and on to the Service. */
export interface Trip {
  readonly ports: BlueGreenPorts;
  readonly request: BlueGreenRequest;
  readonly prepared: Prepared;
  readonly dealing: Dealing;
  readonly put: Put;
  /** Since it began. */
  readonly seconds: () => number;
}

/** What came of a run behind a Service. */
export interface Moved {
  readonly result: WorkloadResult;
  readonly checks?: ChecksEnd;
  /** As it is known last. */
  readonly service: Service;
  readonly switched: BlueGreenReport['switched'];
  /** Why the gate stopped it right before the switch. */
  readonly closed?: Closed;
}

/** The colour that served nobody when the run began. */
export function idleOf({ surveys, live }: Prepared): Survey {
  return surveys[otherColour(live)];
}

/** How it is watched. */
export function termsOf({ request, prepared }: Trip) {
  return { timeoutMs: request.timeoutMs, policy: policyOf(prepared.train, request) };
}

/** What checks are told of it. */
export function aboutOf({ step, train, surveys, live }: Prepared): ChecksAbout {
  const { release, mode } = train;
  const refs = [surveys[otherColour(live)].ref];
  return { release, previousRelease: step.survey.state.live.release, mode: mode.mode, refs };
}

/** The leg that was watched, as the ledger and the result have it. */
export function legOf(
  { prepared, put, seconds }: Trip,
  { end }: ColourEnd,
  timeline: readonly Moment[] = end.timeline,
): Leg {
  const { deployment, stored, warnings } = put;
  const { step } = prepared;
  return { kind: 'watched', step, stored, deployment, seconds: seconds(), warnings, end: { ...end, timeline } };
}
