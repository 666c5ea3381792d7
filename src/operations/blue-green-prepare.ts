import { serviceState } from '../release/blue-green-state.ts';
import { type Change, changeFor, type Wanted } from '../release/change.ts';
import { strayImages } from '../release/images.ts';
import { calculateMode } from '../release/mode.ts';
import { showRelease } from '../release/release-text.ts';
import { resolveRelease } from '../release/resolve.ts';
import { type Colour, liveColour, otherColour, type Pair, recoloured } from '../rollout/blue-green.ts';
import { podsOf } from '../rollout/blue-green-patch.ts';
import { ownersOf } from '../rollout/owners.ts';
import { type Service, selectorFor, selectorText, selects } from '../rollout/service.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { colourRoom } from './colour-room.ts';
import { findTarget, situationOf } from './find-target.ts';
import { preflight } from './preflight.ts';
import { imageTarget, type Refused, type Step, type Train } from './prepare.ts';
import { type Survey, survey } from './survey.ts';
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
export interface Prepared {
  readonly kind: 'ready';
  readonly service: Service;
  readonly preview: Service | undefined;
  readonly live: Colour;
  readonly surveys: Pair<Survey>;
  /** One step: on the colour that will be live, from what is live now. */
  readonly train: Train;
  readonly step: Step;
  readonly way: Way;
}

/** Reads Service and Deployments and decides. Throws ClusterError. */
export async function prepareBlueGreen(
  ports: Omit<BlueGreenPorts, 'remember' | 'rememberBlocks'>,
  request: BlueGreenRequest,
): Promise<Prepared | Refused> {
  const { pair } = request;
  const [service, preview, blue, green] = await Promise.all([
    ports.services.get(request.service),
    request.preview && ports.services.get(request.preview),
    survey(ports, pair.blue),
    survey(ports, pair.green),
  ]);
  const surveys = { blue, green };
  const refuse = (reasonCode: Refused['reasonCode'], problems: readonly string[]): Refused => ({
    ...{ kind: 'refused', reasonCode, problems, surveys: [blue, green] },
  });
  const where = `service ${request.service.namespace}/${request.service.name}`;
  const colouring = liveColour(service, { blue: blue.state.deployment, green: green.state.deployment });
  if (colouring.kind === 'unclear') return refuse('preflight-refused', [`${where} ${colouring.why}`]);
  const { live } = colouring;
  const [serving, idle] = [surveys[live], surveys[otherColour(live)]];
  const state = serviceState({ blue: blue.state, green: green.state }, live);
  const seen: Survey = { ...idle, state, ledgerProblem: idle.ledgerProblem ?? serving.ledgerProblem };
  const { target, passedOver } = await findTarget(ports, [seen], request);
  if (target.kind === 'refused') return refuse(target.reasonCode, [target.message]);
  const { release } = target;
  const mode = calculateMode({ ...situationOf(state), requested: request.requested, wanted: release });
  if (mode.kind === 'refused') return refuse(mode.reasonCode, [`${where}: ${mode.message}`]);
  const stray = mode.mode === 'rollback' ? [] : strayImages(request.images, [blue, green].map(imageTarget));
  if (stray.length > 0) return refuse('invalid-input', stray);
  const wanted: Wanted = {
    ...{ mode: mode.mode, release, images: request.images },
    redefine: request.requested === 'deploy',
    at: new Date(ports.clock.now()).toISOString(),
  };
  const train = (
    step: Step,
  ): Pick<Prepared, 'kind' | 'train' | 'step' | 'service' | 'preview' | 'live' | 'surveys'> => ({
    ...{ kind: 'ready', step, service, preview, live, surveys },
    train: { kind: 'ready', release, passedOver, mode, steps: [step], surveys: [blue, green] },
  });
  const here = mode.alreadyLive ? changeFor(serving.state, wanted) : undefined;
  if (here?.kind === 'refused') return refuse(here.reasonCode, [`${nameOf(serving.ref)}: ${here.message}`]);
  const kept = { survey: serving, mode, lend: {} };
  if (here && mode.mode === 'redeploy') {
    // A run that was cut off while it waited to scale down has nothing to restart.
    const unfinished = request.requested === 'auto' && idle.state.ledger.retiring !== undefined;
    const change = { kind: 'keep', watch: false, drift: here.drift, warnings: [] } as const;
    return { ...train({ ...kept, change }), way: { kind: unfinished ? 'rest' : 'restart' } };
  }
  if (here?.kind === 'keep')
    return { ...train({ ...kept, change: here }), way: { kind: here.watch ? 'attend' : 'rest' } };
  const change = changeOnIdle({ serving, idle, service }, { ...idle.state, known: state.known }, wanted);
  if (change.kind === 'refused') return refuse(change.reasonCode, [`${nameOf(idle.ref)}: ${change.message}`]);
  const replicas = Math.max(podsOf(serving.state.deployment), podsOf(idle.state.deployment));
  if (replicas === 0)
    return refuse('preflight-refused', [`${where}: both colours have 0 replicas; scale the live one up first`]);
  const { parallelism, delayMs, order } = request.limits;
  const unapplied = [parallelism, delayMs, order].some((limit) => limit !== undefined) ? [UNAPPLIED] : [];
  const twice = change.kind === 'keep' && mode.mode === 'deploy' ? [alreadyThere(release, idle)] : [];
  const said = { drift: change.drift, warnings: [...change.warnings, ...twice, ...unapplied] };
  const written =
    change.kind === 'write' ? change : { template: idle.state.live.template, source: 'replica-set' as const };
  const step: Step = {
    ...{ survey: seen, mode, lend: {} },
    change: { kind: 'write', resume: false, ...written, ...said },
  };
  const refusals = [...reverted(service, where, request), ...unpreviewable(preview, serving, idle)];
  // A way back is never kept waiting for what may come of it.
  const [beside, room] = await Promise.all([
    preflight(ports, [{ ...step, survey: idle, change }], { ...request, limits: {} }),
    mode.mode === 'rollback' ? [] : colourRoom(ports, idle, written.template, replicas),
  ]);
  const problems = [...refusals, ...beside.problems, ...room];
  if (problems.length > 0) return refuse('preflight-refused', problems);
  const { warnings } = beside.steps[0]?.change ?? change;
  const warned = {
    ...step,
    change: { ...step.change, warnings: [...new Set([...step.change.warnings, ...warnings])] },
  };
  const ready =
    change.kind === 'keep' &&
    mode.mode === 'rollback' &&
    idle.state.complete &&
    podsOf(idle.state.deployment) >= replicas;
  return { ...train(warned), way: { kind: 'switch', change, replicas, ready } };
}

const UNAPPLIED =
  'update-config: parallelism, delay and order are not applied, since the colour that is rolled out serves nobody';

function alreadyThere(release: string, { state }: Survey): string {
  return `${showRelease(release)} is on ${state.workload} already, which serves nobody: it is switched to, not rolled out again`;
}

interface Places {
  readonly serving: Survey;
  readonly idle: Survey;
  readonly service: Service;
}

/** A release that only the other colour knows comes over with its whole template. */
function changeOnIdle({ serving, idle, service }: Places, state: Survey['state'], wanted: Wanted): Change {
  const { release } = wanted;
  const own = changeFor(state, wanted);
  const barred = own.kind === 'refused' && own.reasonCode === 'preflight-refused';
  const isHere = resolveRelease(release, idle.state.revisions, idle.state.ledger).kind === 'found';
  const there = resolveRelease(release, serving.state.revisions, serving.state.ledger);
  if (barred || isHere || there.kind !== 'found') return own;
  const checked = changeFor(serving.state, wanted);
  if (checked.kind === 'refused') return checked;
  if (checked.kind === 'write' && checked.source === 'images') return own;
  const template = recoloured(there.template, idle.state.deployment, service);
  const warning = `the bits of ${showRelease(release)} come from ${serving.state.workload}, with the labels of ${idle.state.workload}`;
  const { paused = false } = idle.state.deployment.spec;
  return {
    ...{ kind: 'write', template, source: there.source, resume: paused, drift: there.drift },
    warnings: [...checked.warnings, warning],
  };
}

/** Whoever puts the selector back would undo the switch, and nobody would know. */
function reverted(service: Service, where: string, { allowGitopsDrift }: BlueGreenRequest): readonly string[] {
  if (allowGitopsDrift) return [];
  return ownersOf(service)
    .filter(({ reverts }) => reverts)
    .map(
      ({ name, evidence }) =>
        `${where} is managed by ${name} (${evidence}), which would undo the switch; ` +
        'have it ignore spec.selector and set allow-gitops-drift: true',
    );
}

/** A preview that would show the live colour, too, or nothing, shows nothing about the release. */
function unpreviewable(preview: Service | undefined, serving: Survey, idle: Survey): readonly string[] {
  if (!preview) return [];
  const { name, namespace } = preview.metadata;
  const selector = selectorFor(preview, idle.state.deployment.spec.template);
  const both = selector && selects({ ...preview, spec: { selector } }, serving.state.deployment.spec.template);
  if (selector && !both) return [];
  return [
    `service ${namespace}/${name} cannot preview ${idle.state.workload}: its selector (${selectorText(preview.spec.selector)}) ` +
      'does not tell the colours apart; give it the keys that the live Service selects by',
  ];
}
