import { ClusterError } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { podsOf, restorePatch } from '../rollout/blue-green-patch.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { selects } from '../rollout/service.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';

/** What became of a colour that is to have what it had before: a clause for people. */
export type Restored = { readonly restored: string } | { readonly kept: string };

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;

/**
 * As `restoreIdle`, but never under users: somebody may have switched the Service there by hand while it was being watched.
 * Where it serves, or that cannot be told, it stays as it is, and `kept` says why.
 */
export async function restoreUnserved(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Pick<Prepared, 'surveys' | 'live'>,
  written: PodTemplate,
): Promise<Restored> {
  const { workload } = prepared.surveys[otherColour(prepared.live)].state;
  try {
    const now = await ports.services.get(request.service);
    if (!selects(now, written)) return { restored: await restoreIdle(ports, prepared, written) };
    return {
      kept: `somebody else switched service ${request.service.name} to ${workload} meanwhile, so it stays as it is`,
    };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    return { kept: `whether ${workload} serves by now could not be seen, so it stays as it is: ${error.message}` };
  }
}

/**
 * Gives the colour that serves nobody what it had before this run, as long as it has what this run put there. Gives a
 * clause for people; never throws ClusterError, since nobody is served by it.
 */
export async function restoreIdle(
  { cluster, log }: BlueGreenPorts,
  { surveys, live }: Pick<Prepared, 'surveys' | 'live'>,
  written: PodTemplate,
): Promise<string> {
  const idle = surveys[otherColour(live)];
  const before = idle.state.deployment;
  const name = `${idle.ref.kind}/${idle.ref.name}`;
  const had = `${showRelease(idle.state.live.label)} with ${podsOf(before)} pods`;
  try {
    for (let count = 1; ; count++) {
      const now = await cluster.getWorkload(idle.ref);
      if (!sameTemplate(now.spec.template, written)) return `${name} was changed by somebody else and stays as it is`;
      if (sameTemplate(written, before.spec.template) && podsOf(now) === podsOf(before))
        return `${name} stays as it was`;
      try {
        await cluster.patchWorkload(idle.ref, restorePatch(now, before));
        return `${name} has again what it had before (${had})`;
      } catch (error) {
        if (!(error instanceof ClusterError && error.kind === 'conflict') || count === ATTEMPTS) throw error;
      }
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    log.warn(error.message);
    return `${name} could not be given back what it had before (${had}): ${error.message}`;
  }
}

/** It in words for people. */
export function clauseOf(restored: Restored): string {
  return 'kept' in restored ? restored.kept : restored.restored;
}
