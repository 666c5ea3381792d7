import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { type ControllerRevision, fromControllerRevision } from '../../src/rollout/controller-revision.ts';
import { completeSet, installSet, ledgerOfSet } from './kinds-desk.ts';
import { expectAgreement, expectOneTruth, readLedger } from './ledger-book.ts';

const db = 'statefulset/db';

/** A workload of a train, as the input `deployment` names it: a Deployment of web pods, or a StatefulSet of them. */
export type Mate = 'web' | 'api' | 'jobs' | typeof db;

/**
 * Applies a mate with its Service and waits until it is complete: with a release under its name, or with an older one that
 * has none. A StatefulSet always has the release.
 */
export async function installMate(desk: Desk, mate: Mate, release: string, named: boolean): Promise<void> {
  if (mate === db) return installSet(desk, 'statefulset', webImage(release), { replicas: 2 });
  const annotations = { 'kubernetes.io/change-cause': release };
  // Pods that die do so soon, also on a real cluster.
  const container = { env: [{ name: 'AFTER_S', value: '2' }] };
  const what = named ? { image: webImage(release), annotations } : { image: webImage('0.9') };
  await desk.install({ name: mate, container, ...what });
}

/** What a mate runs, and its own rules for a rollout. */
export interface MateState {
  readonly image: string | undefined;
  readonly pace: object;
}

/** Waits until a mate's rollout is complete. */
export async function completeMate(desk: Desk, mate: Mate): Promise<MateState> {
  const { spec } = mate === db ? await completeSet(desk, 'statefulset') : await desk.complete(mate);
  const { replicas: _replicas, selector: _selector, template, ...pace } = spec;
  return { image: template.spec.containers.find(({ name }) => name === 'web')?.image, pace };
}

/** Waits until a mate's pods answer nothing but this. */
export function mateAnswers(desk: Desk, mate: Mate, body: string): Promise<void> {
  return desk.answers(body, mate === db ? 'db' : mate);
}

export function ledgerOfMate(desk: Desk, mate: Mate) {
  return mate === db ? ledgerOfSet(desk, 'statefulset') : readLedger(desk, mate);
}

/** The ledger of a mate agrees with the cluster, wherever a revision of it still is. */
export async function expectOneTruthOf(desk: Desk, mate: Mate): Promise<void> {
  if (mate !== db) return expectOneTruth(desk, mate);
  const path = `/apis/apps/v1/namespaces/${desk.namespace}/controllerrevisions?labelSelector=app%3Ddb`;
  const { items } = await desk.api.json<{ readonly items: readonly ControllerRevision[] }>({ path });
  expectAgreement(await ledgerOfMate(desk, mate), items.map(fromControllerRevision));
}
