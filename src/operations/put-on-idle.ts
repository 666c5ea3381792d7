import { ClusterError } from '../errors.ts';
import type { StoredLedger } from '../ports.ts';
import { withdrawAttempt } from '../release/record.ts';
import { otherColour } from '../rollout/blue-green.ts';
import type { Deployment } from '../rollout/objects.ts';
import { sameSelector, selectorFor } from '../rollout/service.ts';
import { noteIntent } from './blue-green-journal.ts';
import type { Prepared, Way } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { restoreIdle } from './restore-colour.ts';
import { switchService } from './switch-service.ts';
import { updateLedger } from './update-ledger.ts';
import { writeColour } from './write-colour.ts';

/** The idle colour with its release and its pods on their way. */
export interface Put {
  readonly kind: 'put';
  readonly deployment: Deployment;
  readonly stored: StoredLedger | undefined;
  readonly warnings: readonly string[];
}

export type Putting =
  | Put
  /** Somebody else changed the Deployment after it was read; nothing was written. */
  | { readonly kind: 'outrun'; readonly by: string }
  /** Whether it was written could not be seen. */
  | { readonly kind: 'unknown'; readonly error: ClusterError };

/**
 * Writes the intent into the ledgers and then the release onto the idle colour; the preview Service follows there. Throws
 * ClusterError where nothing was written.
 */
export async function putOnIdle(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  way: Extract<Way, { kind: 'switch' }>,
): Promise<Putting> {
  const { live, surveys, train } = prepared;
  const { release } = train;
  const idle = surveys[otherColour(live)];
  const template = way.change.kind === 'write' ? way.change.template : idle.state.live.template;
  const at = new Date(ports.clock.now()).toISOString();
  const { stored, problem } = await noteIntent(ports, prepared, template, request, at);
  const warnings = problem === undefined ? [] : [`this run is not recorded: ${problem}`];
  if (way.ready) return { kind: 'put', deployment: idle.state.deployment, stored, warnings };
  const withdraw = () =>
    updateLedger(ports, idle.ref, stored, (ledger) => withdrawAttempt(ledger, release, template, at));
  let isWritten = false;
  try {
    await aimPreview(ports, request, prepared);
    const served = await isServed(ports, request, prepared);
    const written = served ? SWITCHED : await writeColour(ports.cluster, idle, way, release);
    if (written.kind === 'outrun') {
      await withdraw();
      return written;
    }
    isWritten = true;
    // Two objects cannot be written in one: who switched in between must not find another release there.
    if (await isServed(ports, request, prepared)) {
      ports.log.warn(`${SWITCHED.by}: ${await restoreIdle(ports, prepared, written.deployment.spec.template)}`);
      await withdraw();
      return SWITCHED;
    }
    return { kind: 'put', deployment: written.deployment, stored, warnings };
  } catch (error) {
    // The answer may be all that was lost: then the intent in the ledger is the truth.
    if (error instanceof ClusterError && error.kind === 'unreachable') return { kind: 'unknown', error };
    if (!isWritten) await withdraw().catch(() => undefined);
    throw error;
  }
}

const SWITCHED = { kind: 'outrun', by: 'somebody else, who switched the Service' } as const;

/** Whether the Service came to select something else since it was read: the idle colour may serve now. */
async function isServed(
  { services }: BlueGreenPorts,
  request: BlueGreenRequest,
  { service }: Prepared,
): Promise<boolean> {
  const now = await services.get(request.service);
  return !sameSelector(now.spec.selector, service.spec.selector);
}

/** Points the preview Service at the idle colour, where it is not there already. */
async function aimPreview(
  { services, log }: BlueGreenPorts,
  request: BlueGreenRequest,
  { preview, live, surveys }: Prepared,
): Promise<void> {
  const idle = surveys[otherColour(live)];
  const selector = preview && selectorFor(preview, idle.state.deployment.spec.template);
  if (!preview || !request.preview || !selector || sameSelector(selector, preview.spec.selector)) return;
  const { kind } = await switchService(services, request.preview, preview, selector);
  if (kind === 'outrun')
    throw new ClusterError(
      'conflict',
      `service ${preview.metadata.name}: somebody else changed its selector; run again`,
    );
  log.info(`service ${request.preview.name}: previews ${idle.state.workload} now`);
}
