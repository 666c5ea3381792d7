import type { ActionRun } from '../runner/run-action.ts';
import type { Desk } from './desk.ts';
import { eventually } from './eventually.ts';
import { paced } from './pace.ts';
import { webImage } from './test-cluster.ts';
import type { WebWorkload } from './web-workload.ts';

/** A release 1.1 on its way to a Deployment `web` whose three pods of 1.0 are healthy: the same on every cluster. */
export interface PlayedRelease {
  readonly name: string;
  /** Makes what the Deployment needs, and says how it differs from a plain one. */
  readonly prepare?: (desk: Desk) => Promise<Partial<WebWorkload>>;
  /** The input `images` of release 1.1; the plain image unless given. */
  readonly images?: (desk: Desk) => string | Promise<string>;
  /** What somebody does after 1.0 is complete and before the run begins. */
  readonly spoil?: (desk: Desk) => Promise<void>;
  /** What somebody does once the rollout has begun. */
  readonly meanwhile?: (desk: Desk) => Promise<void>;
  /** By whose kubeconfig the action runs, where that matters. */
  readonly kubeconfig?: (desk: Desk) => Promise<string>;
  /** The input `timeout` that it needs on a real cluster; two minutes unless given. */
  readonly timeout?: string;
  /** Whether only a cluster's owner may play it: it touches more than its own namespace. */
  readonly needsMachinery?: boolean;
}

/** The longest `timeout` of a release, with a window before and a rollback after its end. */
const longestRun = 300_000;

/** Whether a cluster can play it. */
export function canPlay({ cluster }: Pick<Desk, 'cluster'>, { needsMachinery = false }: PlayedRelease): boolean {
  return !needsMachinery || cluster.machinery !== undefined;
}

/** Installs a healthy 1.0: three pods, replaced one by one, none missing meanwhile. */
export async function installHealthy(desk: Desk, release: PlayedRelease): Promise<void> {
  const { annotations, spec, ...rest } = (await release.prepare?.(desk)) ?? {};
  await desk.install({
    image: webImage('1.0'),
    replicas: 3,
    annotations: { 'kubernetes.io/change-cause': '1.0', ...annotations },
    spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, ...spec },
    ...rest,
  });
}

/** Spoils what there is to spoil and runs the root action for release 1.1, with whatever happens meanwhile. */
export async function playRelease(
  desk: Desk,
  release: PlayedRelease,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const images = (await release.images?.(desk)) ?? `web=${webImage('1.1')}`;
  const kubeconfig = await release.kubeconfig?.(desk);
  await release.spoil?.(desk);
  const { generation } = (await desk.deployment()).metadata;
  const given = {
    ...{ deployment: 'web', release: '1.1', images, timeout: release.timeout ?? '2m' },
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...inputs,
  };
  const running = desk.run('root', given, { timeoutMs: longestRun });
  const [run] = await Promise.all([running, release.meanwhile && afterBegin(desk, generation, release.meanwhile)]);
  return run;
}

async function afterBegin(desk: Desk, before: number | undefined, meanwhile: (desk: Desk) => Promise<void>) {
  const begun = async () => (await desk.deployment()).metadata.generation !== before;
  await eventually('the beginning of the rollout', begun);
  await meanwhile(desk);
}

/** Time that passes in the world, in milliseconds: on the embedded cluster, where all is faster, a twentieth. */
export function scaled(desk: Pick<Desk, 'cluster'>, ms: number): number {
  return paced(desk, ms / 20, ms);
}
