import { type Change, changeFor, type Wanted } from '../release/change.ts';
import { strayImages } from '../release/images.ts';
import { calculateMode } from '../release/mode.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { changeOnIdle } from './change-on-idle.ts';
import { findTarget, situationOf } from './find-target.ts';
import type { Glance } from './glance.ts';
import { imageTarget, type Refused, type Step, type Train } from './prepare.ts';
import { prepareSwitch } from './prepare-switch.ts';
import { type ReadPair, readPair } from './read-pair.ts';
import { nameOf } from './workload-name.ts';

/** How a release gets behind the Service. */
export type Way =
  /** It is live: its pods are made anew where they are. */
  | { readonly kind: 'restart' }
  /** It is live, and not known to be well. */
  | { readonly kind: 'attend' }
  /** It is live and well. */
  | { readonly kind: 'rest' }
  | {
      readonly kind: 'switch';
      /** What has to be done to the idle colour before. */
      readonly change: Exclude<Change, { kind: 'refused' }>;
      /** How many pods it has to have. */
      readonly replicas: number;
      /** Whether it has all of them already, on the release. */
      readonly ready: boolean;
    };

/** A pair of Deployments that was read, and what is going to be done; nothing was touched yet. */
export interface Prepared extends Pick<ReadPair, 'service' | 'preview' | 'live' | 'surveys'> {
  readonly kind: 'ready';
  /** One step: on the colour that will be live, from what is live now. */
  readonly train: Train;
  readonly step: Step;
  readonly way: Way;
}

/** Reads Service and Deployments and decides. Throws ClusterError. */
export async function prepareBlueGreen(
  ports: Omit<BlueGreenPorts, 'remember' | 'rememberBlocks'> & { readonly glance?: Glance },
  request: BlueGreenRequest,
): Promise<Prepared | Refused> {
  const read = await readPair(ports, request);
  const { blue, green } = read.surveys;
  const refuse = (reasonCode: Refused['reasonCode'], problems: readonly string[]): Refused => ({
    ...{ kind: 'refused', reasonCode, problems, surveys: [blue, green] },
  });
  const where = `service ${request.service.namespace}/${request.service.name}`;
  if ('unclear' in read) return refuse('preflight-refused', [`${where} ${read.unclear}`]);
  const { serving, idle, seen } = read.pair;
  const { target, passedOver } = await findTarget(ports, [seen], request);
  if (target.kind === 'refused') return refuse(target.reasonCode, [target.message]);
  const { release } = target;
  const mode = calculateMode({ ...situationOf(seen.state), requested: request.requested, wanted: release });
  if (mode.kind === 'refused') return refuse(mode.reasonCode, [`${where}: ${mode.message}`]);
  const stray = mode.mode === 'rollback' ? [] : strayImages(request.images, [blue, green].map(imageTarget));
  if (stray.length > 0) return refuse('invalid-input', stray);
  const wanted: Wanted = {
    ...{ mode: mode.mode, release, images: request.images },
    redefine: request.requested === 'deploy',
    at: new Date(ports.clock.now()).toISOString(),
  };
  const { service, preview, live, surveys } = read.pair;
  const prepared = (step: Step, way: Way): Prepared => ({
    ...{ kind: 'ready', service, preview, live, surveys, step, way },
    train: { kind: 'ready', release, passedOver, mode, steps: [step], surveys: [blue, green] },
  });
  const here = mode.alreadyLive ? changeFor(serving.state, wanted) : undefined;
  if (here?.kind === 'refused') return refuse(here.reasonCode, [`${nameOf(serving.ref)}: ${here.message}`]);
  const kept = { survey: serving, mode, lend: {} };
  if (here && mode.mode === 'redeploy') {
    // A run that was cut off while it waited to scale down has nothing to restart.
    const isUnfinished = request.requested === 'auto' && idle.state.ledger.retiring !== undefined;
    const change = { kind: 'keep', watch: false, drift: here.drift, warnings: [] } as const;
    return prepared({ ...kept, change }, { kind: isUnfinished ? 'rest' : 'restart' });
  }
  if (here?.kind === 'keep') return prepared({ ...kept, change: here }, { kind: here.watch ? 'attend' : 'rest' });
  const change = changeOnIdle(read.pair, wanted);
  if (change.kind === 'refused') return refuse(change.reasonCode, [`${nameOf(idle.ref)}: ${change.message}`]);
  const begun = await prepareSwitch(ports, request, read.pair, { release, mode, change });
  return 'problems' in begun ? refuse('preflight-refused', begun.problems) : prepared(begun.step, begun.way);
}
