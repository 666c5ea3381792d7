import { ClusterError } from '../errors.ts';
import { podsOf, scalePatch } from '../rollout/blue-green-patch.ts';
import type { Deployment } from '../rollout/objects.ts';
import { type Service, sameSelector, selects } from '../rollout/service.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import type { Survey } from './survey.ts';
import { updateLedger } from './update-ledger.ts';

/** What became of the pods of the colour that serves nobody. */
export interface Retirement {
  /** How many it wants now. */
  readonly pods: number;
  /** A clause for people. */
  readonly message: string;
  readonly warnings: readonly string[];
}

/** Somebody who scales while we write is no reason to give up. */
const ATTEMPTS = 4;

/**
 * Takes the pods of the colour that was left once its delay is over, noted in its ledger before: a run that is cut off
 * while it waits leaves that to the next one. As long as nobody asks for it, the pods stay: the way back is at its fastest
 * then. `left` is what was read before, `served` whether it was live then; `service` selects the other colour.
 */
export async function retireColour(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  service: Service,
  { left, served }: { readonly left: Survey; readonly served: boolean },
): Promise<Retirement> {
  const name = `${left.ref.kind}/${left.ref.name}`;
  const pods = podsOf(left.state.deployment);
  const kept = (message: string, warnings: readonly string[] = []): Retirement => ({ pods, message, warnings });
  const { scaleDownDelayMs } = request;
  try {
    const noted = served ? undefined : left.state.ledger.retiring;
    if (scaleDownDelayMs === undefined && !noted) return kept(stays(name, pods));
    if (pods === 0 && !noted) return kept(stays(name, 0));
    const dueAt = noted ? Date.parse(noted.dueAt) : ports.clock.now() + (scaleDownDelayMs ?? 0);
    const retiring = { dueAt: new Date(dueAt).toISOString() };
    const note = await updateLedger(ports, left.ref, left.stored, (ledger) => ({ ...ledger, retiring }));
    const wait = dueAt - ports.clock.now();
    if (wait > 0) {
      ports.log.info(`${name}: keeps its ${pods} pods for ${Math.ceil(wait / 1000)} s more`);
      await ports.clock.sleep(wait, ports.interrupt);
    }
    if (ports.interrupt.aborted) {
      const message = `${name} keeps its ${pods} pods, since the run was cancelled before it was time to take them`;
      return kept(message, [`${message}; the next run takes them`]);
    }
    // Whoever needs its pods takes the note away first.
    const stands = !note.stored || (await ports.ledgers.read(left.ref)).ledger.retiring?.dueAt === retiring.dueAt;
    const gone = stands && (await scaleDown(ports, request, service, left));
    if (gone) ports.log.info(`${name}: its pods are taken`);
    await updateLedger(ports, left.ref, note.stored, ({ retiring: _done, ...ledger }) => ledger);
    return gone
      ? { pods: 0, message: stays(name, 0), warnings: [] }
      : kept(`${name} was wanted by somebody else and keeps its pods`);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const message = `${name} keeps its pods: ${error.message}`;
    ports.log.warn(message);
    return kept(message, [message]);
  }
}

function stays(name: string, pods: number): string {
  return pods === 0
    ? `${name} has no pods: a rollback to what it has starts them first`
    : `${name} keeps its pods (${pods}): a rollback to what it has is one switch of the Service`;
}

/** Whether it has no pods now; not where it came to serve again, or has another template. Throws ClusterError. */
async function scaleDown(
  { cluster, services }: BlueGreenPorts,
  request: BlueGreenRequest,
  service: Service,
  { ref, state }: Survey,
): Promise<boolean> {
  const isSwitched = async () => {
    const now = await services.get(request.service);
    return !sameSelector(now.spec.selector, service.spec.selector) || selects(now, state.deployment.spec.template);
  };
  for (let count = 1; ; count++) {
    const [serves, deployment] = await Promise.all([isSwitched(), cluster.getWorkload(ref)]);
    if (serves || !isSame(deployment, state.deployment)) return false;
    if (podsOf(deployment) === 0) return true;
    try {
      const taken = await cluster.patchWorkload(ref, scalePatch(deployment, 0));
      if (!(await isSwitched())) return true;
      // Two objects cannot be written in one: who switched in between must find its pods.
      await cluster.patchWorkload(ref, scalePatch(taken, podsOf(deployment)));
      return false;
    } catch (error) {
      const changed = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected');
      if (!changed || count === ATTEMPTS) throw error;
    }
  }
}

function isSame(now: Deployment, before: Deployment): boolean {
  return now.metadata.uid === before.metadata.uid && sameTemplate(now.spec.template, before.spec.template);
}
