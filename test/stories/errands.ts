import { expect } from '@jest/globals';
import type { Deployment } from '../../sandbox/cluster/model/workload-objects.ts';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { isGood } from '../../src/release/ledger.ts';
import { expectOneTruth, readEntry, readLedger } from './ledger-book.ts';
import { deploy, imageOf, well } from './story.ts';

/** One run of the root action on a workload with good releases, and what must be true once it has come to its end. */
export interface Errand {
  readonly title: string;
  /** Releases that came, one after the other, before it. */
  readonly before: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  /** How it may end; the run that carries on where an earlier one died may find nothing left to do. */
  readonly outcomes: readonly string[];
  /** The release that serves afterwards. */
  readonly serves: string;
  /** The release that must be marked as failed. */
  readonly failed?: string;
}

const web = { deployment: 'web', timeout: '60s', 'fail-fast': 'strict' };
const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
const watched = { 'update-config': 'monitor: 5s', 'rollback-config': 'monitor: 1s' };
const good = { release: '1.1', images: `web=${webImage('1.1')}` };
const upwards = { before: ['1.0'], outcomes: ['succeeded', 'unchanged'], serves: '1.1' } as const;
const thereAndBack = { before: ['1.0'], outcomes: ['rolled-back'], serves: '1.0', failed: '1.1' } as const;

export const errands: readonly Errand[] = [
  {
    ...upwards,
    title: 'deploy of a good release',
    inputs: { ...web, 'update-config': 'monitor: 1s', ...good },
  },
  {
    ...upwards,
    title: 'deploy of a good release as a canary that goes on by itself',
    inputs: { ...web, ...unwatched, ...good, canary: '1', 'canary-hold': '1s' },
  },
  {
    title: 'rollback by name',
    before: ['1.0', '1.1'],
    inputs: { ...web, ...unwatched, release: '1.0', mode: 'rollback' },
    outcomes: ['succeeded', 'unchanged'],
    serves: '1.0',
  },
  {
    ...thereAndBack,
    title: 'deploy of a release that crashes',
    inputs: { ...web, ...unwatched, release: '1.1', images: `web=${webImage('1.1', 'crash')}` },
  },
  {
    ...thereAndBack,
    title: 'deploy of a release that completes and dies',
    inputs: { ...web, ...watched, release: '1.1', images: `web=${webImage('1.1', 'dies')}` },
  },
];

/** Who brought the first good release: a run of the action, or kubectl alone, so that the errand meets the workload first. */
export const beginnings = ['deployed', 'applied'] as const;
export type Beginning = (typeof beginnings)[number];

/** Brings a workload to where an errand begins; returns it as it is then. */
export async function prepareFor(desk: Desk, { before }: Errand, beginning: Beginning): Promise<Deployment> {
  const [first = '', ...rest] = before;
  const applied = { image: webImage(first), annotations: { 'kubernetes.io/change-cause': first } };
  // Pods that die do so soon, also on a real cluster.
  const container = { env: [{ name: 'AFTER_S', value: '2' }] };
  await desk.install({ container, ...(beginning === 'applied' ? applied : { image: webImage('0.9') }) });
  for (const release of beginning === 'applied' ? rest : before) await well(deploy(desk, release));
  return desk.deployment();
}

/**
 * An errand came to its end: what should serve does, ledger and cluster agree, nothing is owed, and the last good release
 * is known as such.
 */
export async function expectSettled(desk: Desk, { serves, failed }: Errand, before: Deployment): Promise<void> {
  const after = await desk.complete();
  expect([imageOf(after), after.spec.strategy]).toEqual([webImage(serves), before.spec.strategy]);
  await desk.answers(serves);
  await expectOneTruth(desk);
  const ledger = await readLedger(desk);
  for (const owed of ['loan', 'canary']) expect(ledger).not.toHaveProperty(owed);
  const entry = await readEntry(desk, serves);
  expect(entry && isGood(entry)).toBe(true);
  if (failed !== undefined) {
    const bad = await readEntry(desk, failed);
    expect([typeof bad?.failedAt, bad && isGood(bad)]).toEqual(['string', false]);
  }
  const { outputs } = await well(desk.run('history', { deployment: 'web' }));
  expect([outputs['live-release'], outputs['last-good-release']]).toEqual([serves, serves]);
}
