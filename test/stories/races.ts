import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { seeded } from '../release/seeded.ts';
import { expectOneTruth, readLedger } from './ledger-book.ts';
import { chooseRival } from './rivals.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';
import { tellAll } from './telling.ts';

/** The rival begins with one of the action's first requests (three reads, the intent, the patch, watches), or somewhat later. */
const firstRequests = 6;
const somewhatLaterMs = 20;

/** One test a race, each with a seed of its own that its title names. */
export function raceAll(cluster: TestCluster, races: number, seed: number): void {
  tellAll(
    cluster,
    Array.from({ length: races }, (_, index) => race((seed + index) >>> 0)),
  );
}

/** The action and somebody else write at the same time: nobody's work is lost, and the ledger holds one truth. */
function race(seed: number): Story {
  const random = seeded(seed);
  // A generator of this kind begins with what its seed looks like.
  random.integer(2);
  const rival = chooseRival(random);
  const [mode, release] = random.pick([
    ['deploy', '1.2'],
    ['rollback', '1.0'],
  ] as const);
  const [request, delay] = [1 + random.integer(firstRequests), random.integer(somewhatLaterMs)];
  return {
    title: `race ${seed}: ${mode} ${release} against ${rival.name}, ${delay} ms after request ${request}`,
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      const begun = Promise.withResolvers<void>();
      const passed: Passed[] = [];
      const kubeconfig = await desk.kubeconfigPast(({ method, path }) => {
        passed.push({ what: `${method} ${path.split('/').at(-1)}`, at: performance.now() });
        if (passed.length === request) begun.resolve();
      });
      const inputs = { kubeconfig, mode };
      const [run, write] = await Promise.all([
        mode === 'deploy' ? deploy(desk, release, inputs) : rollBack(desk, release, inputs),
        begun.promise.then(() => pause(delay)).then(() => timed(() => rival.write(desk))),
      ]);
      if (cameBetween(write, passed)) expect(run.log).toContain('deciding again');
      const { outcome } = run.outputs;
      expect(['succeeded', 'superseded']).toContain(outcome);
      expect(run.exitCode).toBe(outcome === 'succeeded' ? 0 : 1);
      await desk.complete();
      await rival.expectKept(desk, release, run);
      await expectOwnBits(desk);
    },
  };
}

interface Passed {
  readonly what: string;
  /** Milliseconds. */
  readonly at: number;
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

async function timed(act: () => Promise<unknown>): Promise<Span> {
  const begin = performance.now();
  await act();
  return { begin, end: performance.now() };
}

/** Beyond doubt after the Deployment was read, which the list of ReplicaSets waits for, and before it was patched. */
function cameBetween({ begin, end }: Span, passed: readonly Passed[]): boolean {
  const read = passed.find(({ what }) => what === 'GET replicasets');
  const patched = passed.find(({ what }) => what === 'PATCH web');
  return read !== undefined && patched !== undefined && read.at < begin && end < patched.at;
}

/** In races every release has the image of its name, whoever recorded it. */
async function expectOwnBits(desk: Desk): Promise<void> {
  await expectOneTruth(desk);
  const { entries = [], templates = {} } = (await readLedger(desk)) ?? {};
  for (const { release, images, template } of entries.filter(({ release }) => /^\d/.test(release))) {
    const snapshot = templates[template];
    const held =
      snapshot && imageOf({ spec: { template: snapshot as Parameters<typeof imageOf>[0]['spec']['template'] } });
    expect({ release, recorded: images['web'], held }).toEqual({
      release,
      recorded: webImage(release),
      held: webImage(release),
    });
  }
}
