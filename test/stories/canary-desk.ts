import { expect } from '@jest/globals';
import type { Deployment } from '../../sandbox/cluster/model/workload-objects.ts';
import { type CanaryCounts, canaryCounts } from '../../sandbox/desk/canary-counts.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { countPods } from '../../sandbox/desk/pod-counts.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { WebWorkload } from '../../sandbox/desk/web-workload.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { HeldCanary } from '../../src/release/canary.ts';
import { readLedger } from './ledger-book.ts';
import { deploy, type Inputs, imageOf } from './story.ts';

/** How a workload of these stories replaces its pods when nobody borrows anything of it. */
const own = {
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '40%', maxUnavailable: 1 } },
  progressDeadlineSeconds: 300,
};

/** A workload with its pods counted since it was complete. */
export interface CanaryDesk {
  /** As it was then. */
  readonly before: Deployment;
  /** The farthest that the pods went since the last call; the old ones are of the first template unless another hash is given. */
  readonly counts: (old?: string) => Promise<CanaryCounts>;
  readonly close: () => void;
}

/** Installs so many pods of release 1.0, and counts them from there. */
export async function openCanaryDesk(
  desk: Desk,
  replicas: number,
  name = 'web',
  workload: Pick<WebWorkload, 'container'> = {},
): Promise<CanaryDesk> {
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  await desk.install({ ...workload, name, image: webImage('1.0'), replicas, annotations, spec: own });
  const first = await templateOf(desk, name);
  const counting = await countPods(desk.cluster.admin, desk.api, desk.namespace, name);
  return {
    before: await desk.deployment(name),
    counts: async (old = first) => canaryCounts(await counting.take(), old),
    close: counting.close,
  };
}

/** The hash of the template that all pods of a complete Deployment have. */
export async function templateOf(desk: Desk, name = 'web'): Promise<string> {
  const [hash = '', ...others] = new Set(
    (await desk.pods(name)).map(({ metadata }) => metadata.labels?.['pod-template-hash']),
  );
  if (others.length > 0) throw new Error(`${name} has pods of several templates`);
  return hash;
}

/** Deploys a release as a canary of these sizes, with nobody who waits. */
export function beginCanary(desk: Desk, sizes: string, inputs: Inputs = {}, release = '1.1'): Promise<ActionRun> {
  return deploy(desk, release, { canary: sizes, ...inputs });
}

/** Runs promote/, without the window after it unless inputs ask for one. */
export function promote(desk: Desk, inputs: Inputs = {}): Promise<ActionRun> {
  const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
  return desk.run('promote', { deployment: 'web', timeout: '60s', ...unwatched, ...inputs });
}

/** Runs abort/, without the window after it. */
export function abort(desk: Desk, inputs: Inputs = {}): Promise<ActionRun> {
  return desk.run('abort', { deployment: 'web', timeout: '60s', 'rollback-config': 'monitor: 0s', ...inputs });
}

/** A run that ended with a canary held, and passed; fails with its log where it did not. */
export async function held(running: Promise<ActionRun>): Promise<ActionRun> {
  const run = await running;
  const ended = [run.exitCode, run.outputs['outcome'], run.outputs['reason-code']];
  if (ended.join() !== '0,paused,canary-held') throw new Error(`ended as ${ended}:\n${run.log}\n${run.summary}`);
  return run;
}

/** The new release runs on exactly so many pods beside all old ones, is noted, and does not move by itself. */
export async function expectHeld(desk: Desk, pods: { readonly old: number; readonly new: number }, name = 'web') {
  const deployment = await desk.deployment(name);
  expect(deployment.spec.paused).toBe(true);
  const images = (await desk.pods(name)).map((pod) => pod.spec.containers.find((each) => each.name === 'web')?.image);
  const news = images.filter((image) => image === imageOf(deployment));
  expect({ old: images.length - news.length, new: news.length }).toEqual(pods);
  expect(await readCanary(desk, name)).toMatchObject({ heldSince: expect.any(String) });
}

/** What the ledger says of a canary that is held; undefined where none is. */
export async function readCanary(desk: Desk, name = 'web'): Promise<HeldCanary | undefined> {
  return (await readLedger(desk, name))?.canary;
}

/** The fields that are borrowed for a canary, as a Deployment has them. */
export function rolloutFieldsOf({ spec }: Deployment) {
  const { strategy, minReadySeconds = 0, progressDeadlineSeconds, paused = false } = spec;
  return { strategy, minReadySeconds, progressDeadlineSeconds, paused };
}

/** Complete, with every borrowed field as it was, and nothing noted any more. */
export async function expectReturned(desk: Desk, { before }: Pick<CanaryDesk, 'before'>, changed: object = {}) {
  const after = await desk.complete(before.metadata.name);
  expect(rolloutFieldsOf(after)).toEqual({ ...rolloutFieldsOf(before), ...changed });
  const ledger = await readLedger(desk, before.metadata.name);
  expect(ledger).not.toHaveProperty('loan');
  expect(ledger).not.toHaveProperty('canary');
}
