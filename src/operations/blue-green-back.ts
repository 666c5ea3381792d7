import { ClusterError } from '../errors.ts';
import type { WorkloadResult } from '../result.ts';
import { podsOf, scalePatch } from '../rollout/blue-green-patch.ts';
import type { Deployment } from '../rollout/objects.ts';
import { type Service, selectorFor } from '../rollout/service.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import type { Survey } from './survey.ts';
import { switchService } from './switch-service.ts';
import { watchColour } from './watch-colour.ts';
import { nameOf } from './workload-name.ts';

/** How the way back of the Service went. */
export type SwitchedBack =
  | { readonly kind: 'back'; readonly service: Service; readonly deployment: Deployment; readonly seconds: number }
  | { readonly kind: 'stranded'; readonly why: string };

/** Milliseconds. */
const PAUSE_WHILE_AWAY = 2_000;

/** The colour to go back to, and how many pods it has to have there. */
interface WayBack {
  readonly old: Survey;
  readonly replicas: number;
}

/**
 * Points the Service at the colour that served before, for as long as a rollout may take while the API is away. That colour
 * gets its pods first where somebody took them meanwhile.
 */
export async function switchBack(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  service: Service,
  way: WayBack,
): Promise<SwitchedBack> {
  const begin = ports.clock.now();
  for (;;) {
    try {
      return await trySwitchBack(ports, request, service, way, begin);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      ports.log.warn(error.message);
      const late = ports.clock.now() - begin >= request.timeoutMs;
      if (error.kind !== 'unreachable' || late || ports.interrupt.aborted)
        return { kind: 'stranded', why: error.message };
      await ports.clock.sleep(PAUSE_WHILE_AWAY, ports.interrupt);
    }
  }
}

async function trySwitchBack(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  service: Service,
  way: WayBack,
  begin: number,
): Promise<SwitchedBack> {
  const { old } = way;
  const now = await ports.cluster.getWorkload(old.ref);
  const name = `${old.ref.kind}/${old.ref.name}`;
  const { template } = now.spec;
  if (!sameTemplate(template, old.state.deployment.spec.template))
    return { kind: 'stranded', why: `somebody else changed the template of ${name} meanwhile` };
  const deployment = (now.status?.availableReplicas ?? 0) > 0 ? now : await awaken(ports, request, way, now);
  const selector = selectorFor(service, template);
  if (!deployment || !selector) return { kind: 'stranded', why: `${name} has no pods that could serve` };
  const switching = await switchService(ports.services, request.service, service, selector);
  if (switching.kind === 'outrun')
    return { kind: 'stranded', why: 'somebody else changed what the Service selects meanwhile' };
  const seconds = (ports.clock.now() - begin) / 1000;
  return { kind: 'back', service: switching.service, deployment: await regrown(ports, way, deployment), seconds };
}

/** An autoscaler takes the pods of a colour without requests: those that came back want as many as there were. */
async function regrown(
  { cluster, log }: BlueGreenPorts,
  { old, replicas }: WayBack,
  now: Deployment,
): Promise<Deployment> {
  if (podsOf(now) >= replicas) return now;
  try {
    return await cluster.patchWorkload(old.ref, scalePatch(now, replicas));
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    log.warn(`${error.message}; ${nameOf(old.ref)} is to have ${replicas} pods`);
    return now;
  }
}

/** Gives a colour its pods back and waits for them; undefined where they do not come. */
async function awaken(
  ports: BlueGreenPorts,
  { timeoutMs, rollback }: BlueGreenRequest,
  { old, replicas }: WayBack,
  now: Deployment,
): Promise<Deployment | undefined> {
  const scaled = podsOf(now) >= replicas ? now : await ports.cluster.patchWorkload(old.ref, scalePatch(now, replicas));
  const { end } = await watchColour(ports, old, scaled, { timeoutMs, policy: { ...rollback, monitorMs: 0 } }, []);
  return end.status.state === 'done' && end.status.verified ? end.last.deployment : undefined;
}

/** The result of a release that failed, with the Service where it was before it. */
export function servedByOld(
  failed: WorkloadResult,
  old: Survey,
  deployment: Deployment,
  { message, seconds }: { readonly message: string; readonly seconds: number },
): WorkloadResult {
  const { live } = old.state;
  const to = live.release || live.label;
  const { availableReplicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
  return {
    ...failed,
    outcome: 'rolled-back',
    message: `${failed.message}; ${message}`,
    pods: { desired: podsOf(deployment), updated: updatedReplicas, available: availableReplicas },
    images: live.revision?.images ?? failed.images,
    seconds: failed.seconds + seconds,
    timeline: [...failed.timeline, { at: failed.seconds, text: message }],
    rollback: { to, state: 'done', message, seconds },
  };
}
