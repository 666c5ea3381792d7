import { ClusterError } from '../errors.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { afterSwitch, type Dealing } from './blue-green-failure.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import type { Moved } from './colour-trip.ts';
import { conclude } from './conclude.ts';
import { isStanding } from './leg.ts';
import { policyOf } from './ride-train.ts';
import { watchColour } from './watch-colour.ts';
import { unseenResult } from './workload-result.ts';

/**
 * Sees to a release that the Service selects already: one that is well is left alone, one that is not known to be is watched
 * to its end, as the run would have done that was cut off after the switch.
 */
export async function attendLive(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  dealing: Dealing,
): Promise<Moved> {
  const { service, live, surveys, step, train, way } = prepared;
  const { release, mode } = train;
  const { stored, state, ref } = surveys[live];
  const { deployment } = state;
  const started = { step, stored, deployment, warnings: [] };
  if (way.kind === 'rest') {
    const { result } = await conclude(ports, { kind: 'kept', ...started, seconds: 0 }, release);
    return { result, service, switched: 'no' };
  }
  const old = surveys[otherColour(live)];
  const about = { release, previousRelease: old.state.live.release, mode: mode.mode, refs: [ref] };
  const terms = { timeoutMs: request.timeoutMs, policy: policyOf(train, request) };
  try {
    const { end, checks, seconds } = await watchColour(
      ports,
      surveys[live],
      deployment,
      terms,
      await request.checks(about),
    );
    const concluded = await conclude(ports, { kind: 'watched', ...started, seconds, end }, release, checks);
    // What was verified here may lack pods, but it was good.
    if (isStanding(step)) return { result: concluded.result, checks, service, switched: 'no' };
    const moved = await afterSwitch(
      ports,
      request,
      prepared,
      concluded,
      { service, old, served: false, restore: undefined },
      dealing,
    );
    return { checks, ...moved, switched: moved.switched === 'back' ? 'back' : 'no' };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { result: unseenResult(step, release, error, 0, deployment), service, switched: 'no' };
  }
}
