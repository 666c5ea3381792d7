import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun, RunOptions } from '../../sandbox/runner/run-action.ts';

/** What somebody does with the built actions on a cluster, and what then is true: the same on every cluster. */
export interface Story {
  readonly title: string;
  readonly tell: (desk: Desk) => Promise<void>;
  /** Where only this kind of cluster can tell it. */
  readonly only?: 'embedded' | 'bed';
  /** Whether only a cluster's owner can tell it: not on a given cluster. */
  readonly needsMachinery?: boolean;
  /** Whether it is told when all others have been, since it would disturb them. */
  readonly alone?: boolean;
}

export type Inputs = Readonly<Record<string, string>>;
export type Options = Omit<RunOptions, 'inputs'>;

/** Runs the root action for a release with that release's web image. */
export function deploy(desk: Desk, release: string, inputs: Inputs = {}, options: Options = {}): Promise<ActionRun> {
  return roll(desk, { release, images: `web=${webImage(release)}`, ...inputs }, options);
}

/** Runs the root action in mode rollback. */
export function rollBack(desk: Desk, release: string, inputs: Inputs = {}): Promise<ActionRun> {
  return roll(desk, { release, mode: 'rollback', ...inputs });
}

/** Runs the root action on the Deployment `web`, without the window after it unless inputs ask for one. */
export function roll(desk: Desk, inputs: Inputs, options: Options = {}): Promise<ActionRun> {
  const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
  return desk.run('root', { deployment: 'web', timeout: '60s', ...unwatched, ...inputs }, options);
}

/** Whether a request changed something: rehearsals do not. */
export function isWrite({ verb, query }: { readonly verb: string; readonly query: string }): boolean {
  return verb === 'patch' && !query.includes('dryRun');
}

/** A run that ended well; fails with its log where it did not. */
export async function well(running: Promise<ActionRun>): Promise<ActionRun> {
  const run = await running;
  if (run.exitCode !== 0) throw new Error(`the action ended with ${run.exitCode}:\n${run.log}\n${run.summary}`);
  return run;
}

/** The image of the container `web` in what a Deployment or ReplicaSet runs. */
export function imageOf({ spec }: { readonly spec: { readonly template: Template } }): string | undefined {
  return spec.template.spec.containers.find(({ name }) => name === 'web')?.image;
}

interface Template {
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

/** The change-cause of a Deployment, which `kubectl rollout history` shows. */
export function changeCauseOf({
  metadata,
}: {
  readonly metadata: { readonly annotations?: Inputs };
}): string | undefined {
  return metadata.annotations?.['kubernetes.io/change-cause'];
}
