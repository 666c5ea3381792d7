import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { findEntry, isGood } from '../../src/release/ledger.ts';
import { deploy, type Inputs, well } from './story.ts';
import {
  completeMate,
  expectOneTruthOf,
  installMate,
  ledgerOfMate,
  type Mate,
  type MateState,
  mateAnswers,
} from './train-mates.ts';

/** One run of the root action on workloads with good releases, and what must be true once it has come to its end. */
export interface Errand {
  readonly title: string;
  /** Which workloads its inputs name. */
  readonly mates: readonly Mate[];
  /** Releases that came, one after the other, before it. */
  readonly before: readonly string[];
  readonly inputs: Inputs;
  /** How it may end; the run that carries on where an earlier one died may find nothing left to do. */
  readonly outcomes: readonly string[];
  /** The release that serves afterwards, on all of them. */
  readonly serves: string;
  /** The release that must be good nowhere, and marked as failed where it was at fault. */
  readonly failed?: string;
  readonly atFault?: Mate;
}

const web = { deployment: 'web', timeout: '60s', 'fail-fast': 'strict' };
const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
const watched = { 'update-config': 'monitor: 5s', 'rollback-config': 'monitor: 1s' };
const good = { release: '1.1', images: `web=${webImage('1.1')}` };
const alone: readonly Mate[] = ['web'];
const upwards = { mates: alone, before: ['1.0'], outcomes: ['succeeded', 'unchanged'], serves: '1.1' } as const;
const thereAndBack = {
  ...{ mates: alone, before: ['1.0'], outcomes: ['rolled-back'], serves: '1.0' },
  ...({ failed: '1.1', atFault: 'web' } as const),
};

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
    mates: alone,
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

/** Who brought the first good release: a run of the action, or kubectl alone, so that the errand meets the workloads first. */
export const beginnings = ['deployed', 'applied'] as const;
export type Beginning = (typeof beginnings)[number];

/** Brings workloads to where an errand begins; returns them as they are then. */
export async function prepareFor(
  desk: Desk,
  { mates, before }: Errand,
  beginning: Beginning,
): Promise<readonly MateState[]> {
  const [first = '', ...rest] = before;
  await Promise.all(mates.map((mate) => installMate(desk, mate, first, beginning === 'applied')));
  const deployment = mates.join(', ');
  for (const release of beginning === 'applied' ? rest : before) await well(deploy(desk, release, { deployment }));
  return Promise.all(mates.map((mate) => completeMate(desk, mate)));
}

/**
 * An errand came to its end: what should serve does, on all workloads alike, ledgers and cluster agree, nothing is owed,
 * and the last good release is known as such.
 */
export async function expectSettled(desk: Desk, errand: Errand, before: readonly MateState[]): Promise<void> {
  const { mates, serves } = errand;
  const after = await Promise.all(mates.map((mate) => completeMate(desk, mate)));
  expect(after).toEqual(before.map(({ pace }) => ({ image: webImage(serves), pace })));
  for (const mate of mates) await expectMateSettled(desk, errand, mate);
  // One release where all agree, else a list.
  const { outputs } = await well(desk.run('history', { deployment: mates.join(', ') }));
  expect([outputs['live-release'], outputs['last-good-release']]).toEqual([serves, serves]);
}

async function expectMateSettled(desk: Desk, { serves, failed, atFault }: Errand, mate: Mate): Promise<void> {
  await mateAnswers(desk, mate, serves);
  await expectOneTruthOf(desk, mate);
  const ledger = await ledgerOfMate(desk, mate);
  for (const owed of ['loan', 'canary']) expect(ledger).not.toHaveProperty(owed);
  const [good, bad] = [serves, failed].map((release) => ledger && findEntry(ledger, release ?? ''));
  expect([mate, good && isGood(good)]).toEqual([mate, true]);
  if (failed !== undefined) expect([mate, bad && isGood(bad)]).toEqual([mate, false]);
  if (mate === atFault) expect(typeof bad?.failedAt).toBe('string');
}
