import { setTimeout as pause } from 'node:timers/promises';
import { type BadRelease, badReleases } from '../../desk/bad-releases.ts';
import { actionContender } from './action-contender.ts';
import type { Contender } from './contender.ts';
import type { Row } from './document.ts';
import { helmContender } from './helm-contender.ts';
import { kubectlContender } from './kubectl-contender.ts';
import type { Laboratory } from './laboratory.ts';
import { inLanes } from './lanes.ts';
import { recordedRelease } from './recorded-release.ts';
import { type Measurement, prepareTrial } from './trial.ts';

/** What no rule acts on: only a deadline ends these, a minute here, so that the measurement does. */
const patient: readonly string[] = [
  'never-ready',
  'registry-unreachable',
  'unschedulable',
  'one-bad-node',
  'volume-missing',
];
const deadline = '60s';

/** How many of the action's trials run side by side, since most of the time they only watch. */
const lanes = 2;
/** Milliseconds between the starts of trials that all run at the same time. */
const stagger = 1_000;

type Log = (line: string) => void;

interface Pairing {
  readonly release: BadRelease;
  readonly contender: Contender;
}

interface Done {
  readonly release: string;
  readonly contender: Contender['name'];
  readonly measured: Measurement;
}

/** Whether a tool is given a release. */
export type Choice = (release: string, contender: Contender['name']) => boolean;

/**
 * Gives every bad release to every tool: first to the action, then all at the same time to kubectl and helm, which sit
 * out their time-outs. What cannot be measured is logged, and absent.
 */
export async function measureAll(laboratory: Laboratory, log: Log, choose: Choice): Promise<readonly Row[]> {
  const { kubectl, helm, home } = laboratory;
  const pair = (releases: readonly BadRelease[], contenders: readonly Contender[]): readonly Pairing[] =>
    releases
      .flatMap((release) => contenders.map((contender) => ({ release, contender })))
      .filter(({ release, contender }) => choose(release.name, contender.name));
  const isPatient = ({ name }: BadRelease) => patient.includes(name);
  const actions = (inputs = {}) => [actionContender('balanced', inputs), actionContender('strict', inputs)];
  const quick = pair([...badReleases.filter((release) => !isPatient(release)), recordedRelease], actions());
  const slow = pair(badReleases.filter(isPatient), actions({ timeout: deadline }));
  const others = pair(badReleases, [kubectlContender(kubectl, home), helmContender(helm, home)]);
  const done = [
    ...(await inTurn(laboratory, log, quick)),
    ...(await together(laboratory, log, slow)),
    ...(await together(laboratory, log, others)),
  ];
  return [...badReleases, recordedRelease].map((release) => {
    const own = done.filter((each) => each.release === release.name);
    return {
      name: release.name,
      timeout: isPatient(release) ? deadline : undefined,
      measured: Object.fromEntries(own.map(({ contender, measured }) => [contender, measured])),
    };
  });
}

async function inTurn(laboratory: Laboratory, log: Log, pairings: readonly Pairing[]): Promise<readonly Done[]> {
  const measured = await inLanes(lanes, pairings, async (pairing) => {
    const { release, contender } = pairing;
    return unlessItFails(log, pairing, async () => (await prepareTrial(laboratory, release, contender)).run());
  });
  return measured.flat();
}

/** All are prepared before the first starts. */
async function together(laboratory: Laboratory, log: Log, pairings: readonly Pairing[]): Promise<readonly Done[]> {
  const trials = await inLanes(lanes, pairings, async (pairing) => {
    const { release, contender } = pairing;
    const trial = prepareTrial(laboratory, release, contender);
    // Whoever waits for it below hears of its failure.
    await trial.catch(() => {});
    return { pairing, trial };
  });
  const measured = trials.map(async ({ pairing, trial }, index) => {
    await pause(index * stagger);
    return unlessItFails(log, pairing, async () => (await trial).run());
  });
  return (await Promise.all(measured)).flat();
}

async function unlessItFails(
  log: Log,
  { release, contender }: Pairing,
  measure: () => Promise<Measurement>,
): Promise<readonly Done[]> {
  try {
    const measured = await measure();
    log(`${release.name}, ${contender.name}: ${JSON.stringify(measured)}`);
    return [{ release: release.name, contender: contender.name, measured }];
  } catch (error) {
    log(`${release.name}, ${contender.name}: not measured: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
