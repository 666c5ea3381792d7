import { type BadRelease, badReleases } from '../../desk/bad-releases.ts';
import { median } from '../statistics.ts';
import { actionContender } from './action-contender.ts';
import type { Contender } from './contender.ts';
import { helmContender } from './helm-contender.ts';
import type { Laboratory } from './laboratory.ts';
import { inLanes } from './lanes.ts';
import { endedTimes, imageNotFound } from './signals.ts';
import { type Measurement, prepareTrial, type Signal } from './trial.ts';

/** What the action does about one bad release at one level, again and again. */
interface Subject {
  readonly release: string;
  readonly level: 'balanced' | 'strict';
  readonly times: number;
  /** Which sight decides by itself; none where time has to pass as well. */
  readonly signal?: Signal;
}

/** By how much the action was quicker: seconds, medians unless they are lists. */
export interface Quickness {
  readonly release: string;
  readonly level: 'balanced' | 'strict';
  readonly times: number;
  /** From the first sight of the deciding signal until the log says what follows, and until it is seen to be written. */
  readonly decided: readonly number[];
  readonly written: readonly number[];
  /** From the start until 1.0 served everything again. */
  readonly restored: number;
  /** The same of helm, which was measured once. */
  readonly helm: number;
}

const subjects: readonly Subject[] = [
  { release: 'crash-at-start', level: 'balanced', times: 3, signal: endedTimes(3) },
  { release: 'crash-at-start', level: 'strict', times: 5, signal: endedTimes(2) },
  { release: 'command-not-found', level: 'balanced', times: 3, signal: endedTimes(2) },
  { release: 'command-not-found', level: 'strict', times: 5, signal: endedTimes(1) },
  { release: 'image-not-found', level: 'balanced', times: 3 },
  { release: 'image-not-found', level: 'strict', times: 5, signal: imageNotFound },
  { release: 'configmap-missing', level: 'balanced', times: 3 },
  { release: 'configmap-missing', level: 'strict', times: 3 },
];

/** The window after a rollback changes nothing about when 1.0 is back, and takes its time. */
const inputs = { 'rollback-config': 'monitor: 0s' };

/** Measures how long the action takes for what can be told at once; helm sits out its time-outs meanwhile. */
export async function measureQuickness(laboratory: Laboratory): Promise<readonly Quickness[]> {
  const releases = badReleases.filter(({ name }) => subjects.some(({ release }) => release === name));
  const helm = helmContender(laboratory.helm, laboratory.home);
  const beside = Promise.all(releases.map((release) => once(laboratory, release, helm)));
  const turns = subjects.flatMap((subject) => Array.from({ length: subject.times }, () => subject));
  const runs = await inLanes(2, turns, async (subject) => {
    const release = releases.find(({ name }) => name === subject.release);
    if (!release) throw new Error(`there is no bad release ${subject.release}`);
    return {
      subject,
      measured: await once(laboratory, release, actionContender(subject.level, inputs), subject.signal),
    };
  });
  const byHelm = await beside;
  return subjects.map((subject) => {
    const own = runs.filter((run) => run.subject === subject).map(({ measured }) => measured);
    const helms = byHelm[releases.findIndex(({ name }) => name === subject.release)];
    return {
      ...subject,
      decided: own.flatMap((each) => since(each, each.verdict)),
      written: own.flatMap((each) => since(each, each.back)),
      restored: median(own.map(({ restored = Number.NaN }) => restored)),
      helm: helms?.restored ?? Number.NaN,
    };
  });
}

async function once(laboratory: Laboratory, release: BadRelease, contender: Contender, signal?: Signal) {
  return (await prepareTrial(laboratory, release, contender)).run(signal);
}

function since({ signal }: Measurement, at: number | undefined): readonly number[] {
  return signal === undefined || at === undefined ? [] : [at - signal];
}
