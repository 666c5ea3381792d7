import { isHeldBack } from '../release/canary.ts';
import type { Change } from '../release/change.ts';
import type { DecidedMode } from '../release/mode.ts';
import { showRelease } from '../release/release-text.ts';
import { podsOf } from '../rollout/blue-green-patch.ts';
import { ownersOf } from '../rollout/owners.ts';
import { selectorFor, selectorText, selects } from '../rollout/service.ts';
import type { Way } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { colourRoom } from './colour-room.ts';
import { preflight } from './preflight.ts';
import type { Step } from './prepare.ts';
import type { ReadPair } from './read-pair.ts';

type Switch = Extract<Way, { kind: 'switch' }>;

/** A switch that may begin, or why it must not: one line each. */
export type PreparedSwitch = { readonly step: Step; readonly way: Switch } | { readonly problems: readonly string[] };

/** Looks what stands in the way of a switch, and what to know of it, before anything is changed. Throws ClusterError. */
export async function prepareSwitch(
  ports: Pick<BlueGreenPorts, 'cluster' | 'log'>,
  request: BlueGreenRequest,
  pair: ReadPair,
  {
    release,
    mode,
    change,
  }: {
    readonly release: string;
    readonly mode: DecidedMode;
    readonly change: Exclude<Change, { kind: 'refused' }>;
  },
): Promise<PreparedSwitch> {
  const { serving, idle, seen } = pair;
  const isRollback = mode.mode === 'rollback';
  const replicas = Math.max(podsOf(serving.state.deployment), podsOf(idle.state.deployment));
  if (replicas === 0)
    return { problems: [`${nameIn(request)}: both colours have 0 replicas; scale the live one up first`] };
  const template = change.kind === 'write' ? change.template : idle.state.live.template;
  const own: Step = { survey: idle, mode, change, lend: {} };
  const [beside, room] = await Promise.all([
    preflight(ports, [own], { ...request, limits: {} }),
    // A way back is never kept waiting for what may come of it.
    isRollback ? [] : colourRoom(ports, idle, template, replicas),
  ]);
  const problems = [...held(pair), ...reverted(request, pair), ...unpreviewable(pair), ...beside.problems, ...room];
  if (problems.length > 0) return { problems };
  const { warnings } = beside.steps[0]?.change ?? change;
  const twice = change.kind === 'keep' && !isRollback ? [alreadyThere(release, pair)] : [];
  const step: Step = {
    ...{ survey: seen, mode, lend: {} },
    // Whatever has to be done to the Deployment: behind the Service, the release is a change.
    change: {
      ...{ kind: 'write', template, resume: false, drift: change.drift },
      source: change.kind === 'write' ? change.source : 'replica-set',
      warnings: [...warnings, ...twice, ...unapplied(request)],
    },
  };
  const isUp = idle.state.complete && podsOf(idle.state.deployment) >= replicas;
  return { step, way: { kind: 'switch', change, replicas, ready: change.kind === 'keep' && isRollback && isUp } };
}

function nameIn({ service }: BlueGreenRequest): string {
  return `service ${service.namespace}/${service.name}`;
}

function alreadyThere(release: string, { idle }: ReadPair): string {
  return `${showRelease(release)} is on ${idle.state.workload} already, which serves nobody: it is switched to, not rolled out again`;
}

function unapplied({ limits: { parallelism, delayMs, order } }: BlueGreenRequest): readonly string[] {
  if ([parallelism, delayMs, order].every((limit) => limit === undefined)) return [];
  return [
    'update-config: parallelism, delay and order are not applied, since the colour that is rolled out serves nobody',
  ];
}

/** What holds a canary would keep the colour's pods from ever being available. */
function held({ serving, idle }: ReadPair): readonly string[] {
  return [serving, idle].flatMap(({ state: { workload, canary } }) =>
    canary && isHeldBack(canary)
      ? [`${workload}: a canary of ${showRelease(canary.release)} is held; promote it, or abort it, before the switch`]
      : [],
  );
}

/** Whoever puts the selector back would undo the switch, and nobody would know. */
function reverted(request: BlueGreenRequest, { service }: ReadPair): readonly string[] {
  if (request.allowGitopsDrift) return [];
  return ownersOf(service)
    .filter(({ reverts }) => reverts)
    .map(
      ({ name, evidence }) =>
        `${nameIn(request)} is managed by ${name} (${evidence}), which would undo the switch; ` +
        'have it ignore spec.selector and set allow-gitops-drift: true',
    );
}

/** A preview that would show the live colour, too, or nothing, shows nothing about the release. */
function unpreviewable({ preview, serving, idle }: ReadPair): readonly string[] {
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
