import { expect, test } from '@jest/globals';
import type { FaultyFrontOptions } from '../../sandbox/desk/faulty-front.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { Ledger } from '../../src/release/ledger.ts';
import { seeded } from '../release/seeded.ts';
import { beginnings, type Errand, errands, expectSettled, prepareFor } from './errands.ts';
import { readLedger } from './ledger-book.ts';
import { scattered } from './scattered.ts';
import type { Story } from './story.ts';
import { tellAll } from './telling.ts';

/** What is wrong with an API server. */
type Weather = Omit<FaultyFrontOptions, 'seed'> & { readonly title: string };

/** As long as they last in the world. */
const inFull = { latencyMs: 2_000, silenceMs: 60_000 };
/** As long as a sample can wait. */
const inShort = { latencyMs: 200, silenceMs: 1_500 };

const weathers: readonly Weather[] = [
  { title: 'resets', kinds: ['reset', 'lost-answer'], rate: 0.3 },
  { title: 'too many requests', kinds: ['too-many'], rate: 0.2, most: 8 },
  { title: 'server errors', kinds: ['internal', 'unavailable'], rate: 0.3 },
  { title: 'watches that expire or break', kinds: ['gone', 'cut-watches'], rate: 0.5 },
  { title: 'latency', kinds: ['latency'], rate: 0.3, most: 8 },
  { title: 'silence', kinds: ['silence'], rate: 0.3, most: 1 },
  { title: 'half of the connections cut', rate: 0, cutConnections: 0.5 },
  { title: 'everything at once', rate: 0.25 },
];

/** One test a run through a faulty API server, each with a seed of its own that its title names. */
export function disturbAll(cluster: TestCluster, runs: number, seed: number, pace: 'short' | 'full'): void {
  const lasting = pace === 'full' ? inFull : inShort;
  const struck = weathers.map(() => ({ runs: 0, met: 0 }));
  const stories = Array.from({ length: runs }, (_, index) => {
    // Every errand meets every weather.
    const errand = errands[index % errands.length];
    const which = (index + Math.floor(index / weathers.length)) % weathers.length;
    const [weather, count] = [weathers[which], struck[which]];
    if (!errand || !weather || !count) throw new Error('nothing to tell');
    const meet = (happened: readonly string[]) => {
      count.runs += 1;
      count.met += happened.length > 0 ? 1 : 0;
    };
    return disturb((seed + index) >>> 0, errand, { ...weather, ...lasting }, meet);
  });
  tellAll(cluster, stories);
  test.each(weathers.slice(0, runs).map(({ title }, index) => [title, index] as const))(
    `at least every fourth run from seed ${seed} met what it was to meet: %s`,
    (_title, index) => {
      const { runs: all = 0, met = 0 } = struck[index] ?? {};
      expect(met).toBeGreaterThanOrEqual(Math.max(1, all / 4));
    },
  );
}

/** A disturbed run ends well or says that the API is to blame; the same run then finds nothing that it could not carry on. */
function disturb(
  seed: number,
  errand: Errand,
  { title, ...faults }: Weather,
  meet: (happened: readonly string[]) => void,
): Story {
  const beginning = seeded(scattered(seed)).pick(beginnings);
  return {
    title: `faults ${seed}: ${errand.title} after one that was ${beginning}, ${title}`,
    tell: async (desk) => {
      const before = await prepareFor(desk, errand, beginning);
      const { kubeconfig, happened } = await desk.kubeconfigThrough({ ...faults, seed: scattered(seed) });
      const run = await desk.run('root', { ...errand.inputs, kubeconfig }, { timeoutMs: 170_000 });
      meet(happened);
      expectRightOrStopped(run, errand, happened);
      expectNoGoodReleaseFailed(await readLedger(desk), errand);
      if (run.outputs['outcome'] === 'failed') {
        const again = await desk.run('root', errand.inputs);
        expect([...errand.outcomes]).toContain(again.outputs['outcome']);
      }
      await expectSettled(desk, errand, before);
    },
  };
}

function expectRightOrStopped(
  { exitCode, outputs, log }: ActionRun,
  errand: Errand,
  happened: readonly string[],
): void {
  const { outcome = '', 'reason-code': reason = '' } = outputs;
  const right = errand.outcomes.includes(outcome);
  const stopped = outcome === 'failed' && reason.startsWith('cluster-') && exitCode === 1;
  if (!right && !stopped) throw new Error(`ended as ${outcome} (${reason}) after ${happened.join(', ')}:\n${log}`);
  if (errand.failed === undefined) expect(log).not.toContain('ROLLING_BACK');
}

function expectNoGoodReleaseFailed(ledger: Ledger | undefined, { failed: bad }: Errand): void {
  const failed = ledger?.entries.filter(({ failedAt }) => failedAt !== undefined).map(({ release }) => release) ?? [];
  expect(failed.filter((release) => release !== bad)).toEqual([]);
}
