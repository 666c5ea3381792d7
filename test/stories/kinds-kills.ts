import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import { type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionName } from '../../sandbox/runner/action-definition.ts';
import { seeded } from '../release/seeded.ts';
import {
  completeSet,
  imageOfSet,
  installSet,
  type Kind,
  ledgerOfSet,
  NAMES,
  podsOfSet,
  readSet,
} from './kinds-desk.ts';
import { scattered } from './scattered.ts';
import type { Inputs, Story } from './story.ts';
import { tellAll } from './telling.ts';

/** One run on a set, which dies, and what is run after it until a release serves alone. */
interface Errand {
  readonly title: string;
  readonly kind: Kind;
  /** Runs before it, each of which passes. */
  readonly before: readonly Inputs[];
  readonly action?: ActionName;
  readonly inputs: Inputs;
  readonly next: Inputs;
  readonly serves: string;
}

const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
const common = { ...unwatched, timeout: '60s', 'fail-fast': 'strict', 'forced-rollback': 'true' };
const images = (release: string) => ({ release, images: `web=${webImage(release)}` });
const crashing = { release: '1.1', images: `web=${webImage('1.1', 'crash')}` };
const [up, back, canary] = [images('1.1'), { release: '1.0', mode: 'rollback' }, { ...images('1.1'), canary: '1, 2' }];

const forBoth = (kind: Kind): readonly Errand[] => [
  { title: 'deploy', kind, before: [], inputs: up, next: up, serves: '1.1' },
  { title: 'deploy of a release that crashes', kind, before: [], inputs: crashing, next: back, serves: '1.0' },
  { title: 'rollback by name', kind, before: [up], inputs: back, next: back, serves: '1.0' },
  { title: 'restart', kind, before: [up], inputs: { release: '1.1', mode: 'redeploy' }, next: up, serves: '1.1' },
];
const kind = 'statefulset';
const errands: readonly Errand[] = [
  ...forBoth('statefulset'),
  ...forBoth('daemonset'),
  { title: 'begin of a canary', kind, before: [], inputs: canary, next: up, serves: '1.1' },
  { title: 'promotion', kind, before: [canary], action: 'promote', inputs: { to: 'all' }, next: up, serves: '1.1' },
  { title: 'next size', kind, before: [canary], action: 'promote', inputs: {}, next: back, serves: '1.0' },
  { title: 'abort', kind, before: [canary], action: 'abort', inputs: {}, next: back, serves: '1.0' },
  {
    ...{ title: 'canary that crashes', kind, before: [], inputs: { ...crashing, canary: '1' } },
    ...{ next: back, serves: '1.0' },
  },
];

/** One test a kill, each with a seed of its own that its title names. */
export function killSets(cluster: TestCluster, kills: number, seed: number): void {
  const killed: boolean[] = [];
  const stories = Array.from({ length: kills }, (_, index) => {
    // In strides, so that a few meet both kinds and canaries.
    const errand = errands[(index * 5) % errands.length];
    if (!errand) throw new Error('no errand');
    return kill((seed + index) >>> 0, errand, killed);
  });
  tellAll(cluster, stories);
  test(`many of ${kills} runs from seed ${seed} were killed under way`, () => {
    expect(killed.filter(Boolean).length).toBeGreaterThan(kills / 3);
  });
}

function kill(seed: number, errand: Errand, killed: boolean[]): Story {
  const random = seeded(scattered(seed));
  const [share, delay, later] = [random.integer(1_000) / 1_000, random.integer(60), random.pick([0, 300, 1_500])];
  return {
    title: `kill ${seed}: ${errand.kind}, ${errand.title}, ${delay} ms after ${share} of its requests, again after ${later} ms`,
    tell: async (desk) => {
      const last = 1 + Math.floor(share * (await countRequests(desk.cluster, errand)));
      await prepare(desk, errand);
      const death = new AbortController();
      let count = 0;
      const kubeconfig = await desk.kubeconfigPast(() => {
        count += 1;
        if (count === last) setTimeout(() => death.abort(), delay);
      });
      const dead = await run(desk, errand, { ...errand.inputs, kubeconfig }, death.signal);
      killed.push(dead.exitCode === null);
      await pause(later);
      const end = await desk.run('root', inputsOf(errand, errand.next));
      if (end.exitCode !== 0) throw new Error(`it did not carry on:\n${dead.log}\n===\n${end.log}`);
      await expectAlone(desk, errand);
    },
  };
}

/** Of the same errand, undisturbed, at a desk of its own. */
async function countRequests(cluster: TestCluster, errand: Errand): Promise<number> {
  const desk = await openDesk(cluster);
  try {
    await prepare(desk, errand);
    let requests = 0;
    const kubeconfig = await desk.kubeconfigPast(() => {
      requests += 1;
    });
    await run(desk, errand, { ...errand.inputs, kubeconfig });
    return requests;
  } finally {
    await desk.close();
  }
}

async function prepare(desk: Desk, errand: Errand): Promise<void> {
  await installSet(desk, errand.kind, webImage('1.0'));
  for (const inputs of errand.before) {
    const { exitCode, log } = await desk.run('root', inputsOf(errand, inputs));
    if (exitCode !== 0) throw new Error(log);
  }
}

function run(desk: Desk, errand: Errand, inputs: Inputs, killed?: AbortSignal) {
  const { action = 'root' } = errand;
  const { 'fail-fast': _fast, 'update-config': _update, ...ofAbort } = inputsOf(errand, inputs);
  return desk.run(action, action === 'abort' ? ofAbort : inputsOf(errand, inputs), killed && { killed });
}

function inputsOf(errand: Errand, inputs: Inputs): Inputs {
  return { deployment: `${errand.kind}/${NAMES[errand.kind]}`, ...common, ...inputs };
}

/** All pods run the one release, and nothing is lent any more. */
async function expectAlone(desk: Desk, errand: Errand): Promise<void> {
  await completeSet(desk, errand.kind);
  const image = webImage(errand.serves);
  const pods = (await podsOfSet(desk, errand.kind)).map(({ spec }) => spec?.containers?.[0]?.image);
  expect([await imageOfSet(desk, errand.kind), new Set(pods)]).toEqual([image, new Set([image])]);
  const { updateStrategy } = (await readSet(desk, errand.kind)).spec;
  expect(updateStrategy?.rollingUpdate?.partition ?? 0).toBe(0);
  const ledger = await ledgerOfSet(desk, errand.kind);
  expect(ledger).not.toHaveProperty('loan');
  expect(ledger).not.toHaveProperty('canary');
  const names = ledger?.entries.map(({ release }) => release) ?? [];
  expect(names).toEqual([...new Set(names)]);
}
