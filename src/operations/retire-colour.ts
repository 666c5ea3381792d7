import { ClusterError } from '../errors.ts';
import { podsOf, scalePatch } from '../rollout/blue-green-patch.ts';
import { type Service, sameSelector, selects } from '../rollout/service.ts';
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
 * then. `left` is what was read before, `service` selects the other colour.
 */
export async function retireColour(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  service: Service,
  left: Survey,
): Promise<Retirement> {
  const name = `${left.ref.kind}/${left.ref.name}`;
  const pods = podsOf(left.state.deployment);
  const kept = (message: string, warnings: readonly string[] = []): Retirement => ({ pods, message, warnings });
  const { scaleDownDelayMs } = request;
  try {
    const noted = left.state.ledger.retiring;
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
    const gone = await scaleDown(ports, request, service, left);
    await updateLedger(ports, left.ref, note.stored, ({ retiring: _done, ...ledger }) => ledger);
    return gone
      ? { pods: 0, message: stays(name, 0), warnings: [] }
      : kept(`${name} was changed by somebody else and keeps its pods`);
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
  for (let count = 1; ; count++) {
    const [now, deployment] = await Promise.all([services.get(request.service), cluster.getWorkload(ref)]);
    const serves = !sameSelector(now.spec.selector, service.spec.selector) || selects(now, deployment.spec.template);
    if (serves || deployment.metadata.uid !== state.deployment.metadata.uid) return false;
    if (podsOf(deployment) === 0) return true;
    try {
      await cluster.patchWorkload(ref, scalePatch(deployment, 0));
      return true;
    } catch (error) {
      const changed = error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected');
      if (!changed || count === ATTEMPTS) throw error;
    }
  }
}
