import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { OUTPUT_KEYS } from '../../src/outputs.ts';
import { isGood } from '../../src/release/ledger.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { deploy, imageOf, type Story, well } from './story.ts';

/** How a run is told to end: by SIGINT, as GitHub does, or by SIGTERM. */
type Told = 'cancelled' | 'terminated';

/** GitHub's runner waits 7.5 s before it goes further. */
const longestAnswerMs = 7_000;
/** … but an answer that waits for an API server as long as it may is late on a machine that runs a real cluster. */
const longestSilenceMs = (desk: Desk) => paced(desk, longestAnswerMs, 10_000);

/** A run that can be told to end, through an API server that can fall silent. */
interface Interruption {
  readonly end: () => void;
  /** Nothing is answered any more, until `speak`. */
  readonly silence: () => void;
  readonly speak: () => void;
  /** Called for each request before it goes on. */
  readonly onRequest: (meet: (what: string) => void) => void;
  readonly run: (inputs: Readonly<Record<string, string>>, onLine?: (line: string) => void) => Promise<ActionRun>;
}

async function prepare(desk: Desk, told: Told): Promise<Interruption> {
  await desk.install({ image: webImage('0.9') });
  await well(deploy(desk, '1.0'));
  const stop = new AbortController();
  let [toldAt, answeredAt, longestMs] = [Number.NaN, Number.NaN, longestAnswerMs];
  let meet = (_what: string): void => {};
  let spoken = Promise.withResolvers<void>();
  spoken.resolve();
  const kubeconfig = await desk.kubeconfigPast(async ({ method, path }) => {
    meet(`${method} ${path.split('/').at(-1)}`);
    await spoken.promise;
  });
  const speak = () => spoken.resolve();
  return {
    end: () => {
      toldAt = performance.now();
      stop.abort();
    },
    silence: () => {
      longestMs = longestSilenceMs(desk);
      spoken = Promise.withResolvers();
    },
    speak,
    onRequest: (each) => {
      meet = each;
    },
    run: async (inputs, onLine = () => {}) => {
      const beforePost = () => {
        answeredAt = performance.now();
        speak();
      };
      const given = { deployment: 'web', release: '1.1', timeout: '60s', kubeconfig, ...inputs };
      const run = await desk.run('root', given, { [told]: stop.signal, beforePost, onLine });
      expectAnswered(run);
      expect(answeredAt - toldAt).toBeLessThan(longestMs);
      return run;
    },
  };
}

/** With everything that a run leaves behind, and not as if it had passed. */
function expectAnswered({ exitCode, outputs, summary, annotations, log }: ActionRun): void {
  if (exitCode === null || outputs['outcome'] !== 'cancelled')
    throw new Error(`ended with ${exitCode} as ${outputs['outcome']}:\n${log}`);
  expect(exitCode).not.toBe(0);
  expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_KEYS].sort());
  expect(summary).toMatch(/^### Cancelled/);
  expect(annotations[0]).toMatchObject({ level: 'error', title: expect.stringMatching(/^Cancelled/) });
}

const crash = { images: `web=${webImage('1.1', 'crash')}`, 'fail-fast': 'strict' };

/** What stands when an automatic rollback was seen to its end by whoever came after. */
async function expectBack(desk: Desk): Promise<void> {
  expect(imageOf(await desk.complete())).toBe(webImage('1.0'));
  await desk.answers('1.0');
  const [good, bad] = await Promise.all([readEntry(desk, '1.0'), readEntry(desk, '1.1')]);
  expect([good && isGood(good), bad && isGood(bad), typeof bad?.failedAt]).toEqual([true, false, 'string']);
  await expectOneTruth(desk);
}

function beforeWriting(told: Told): Story['tell'] {
  return async (desk) => {
    const interruption = await prepare(desk, told);
    interruption.onRequest((what) => {
      if (what !== 'GET replicasets') return;
      interruption.silence();
      interruption.end();
      setTimeout(interruption.speak, 500);
    });
    const { outputs } = await interruption.run({ images: `web=${webImage('1.1')}` });
    expect([outputs['changed'], imageOf(await desk.complete())]).toEqual(['false', webImage('1.0')]);
    expect(await readEntry(desk, '1.1')).toBeUndefined();
  };
}

function whileWatching(told: Told): Story['tell'] {
  return async (desk) => {
    const interruption = await prepare(desk, told);
    const images = `web=${webImage('1.1', 'unready')}`;
    const { outputs } = await interruption.run({ images }, (line) => {
      if (line.includes('0 of 2 pods available')) interruption.end();
    });
    expect([outputs['changed'], outputs['rolled-back']]).toEqual(['true', 'false']);
    // Nobody holds it against the release, and nobody takes it back.
    expect(imageOf(await desk.deployment())).toBe(webImage('1.1', 'unready'));
    expect(await readEntry(desk, '1.1')).not.toHaveProperty('failedAt');
    await desk.answers('1.0');
  };
}

function duringTheWindow(told: Told): Story['tell'] {
  return async (desk) => {
    const interruption = await prepare(desk, told);
    const inputs = { images: `web=${webImage('1.1')}`, 'update-config': 'monitor: 50s' };
    await interruption.run(inputs, (line) => {
      if (line.includes('watching them for 50 s')) interruption.end();
    });
    const before = await desk.complete();
    expect(await readEntry(desk, '1.1')).not.toHaveProperty('verifiedAt');
    const { outputs } = await well(deploy(desk, '1.1'));
    expect([outputs['outcome'], outputs['mode'], outputs['changed']]).toEqual(['succeeded', 'deploy', 'false']);
    expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
    expect(await readEntry(desk, '1.1')).toHaveProperty('verifiedAt');
  };
}

function duringARollback(told: Told): Story['tell'] {
  return async (desk) => {
    const interruption = await prepare(desk, told);
    const { post, outputs } = await interruption.run({ ...crash, 'rollback-config': 'monitor: 50s' }, (line) => {
      if (line.includes('watching them for 50 s')) interruption.end();
    });
    expect(outputs['message']).toContain('being rolled back to 1.0 when the run was cancelled');
    expect([post?.exitCode, post?.summary]).toEqual([0, expect.stringContaining('1.0')]);
    await expectBack(desk);
  };
}

export const interrupted: readonly Story[] = [
  { title: 'SIGINT before anything is written: cancelled, nothing changed', tell: beforeWriting('cancelled') },
  { title: 'SIGTERM before anything is written: cancelled, nothing changed', tell: beforeWriting('terminated') },
  { title: 'SIGINT while the rollout runs: cancelled, no verdict, no way back', tell: whileWatching('cancelled') },
  { title: 'SIGTERM while the rollout runs: cancelled, no verdict, no way back', tell: whileWatching('terminated') },
  { title: 'SIGINT during the window: not verified, until the next run sees it', tell: duringTheWindow('cancelled') },
  {
    title: 'SIGINT during an automatic rollback: its post step sees it to its end',
    tell: duringARollback('cancelled'),
  },
  {
    title: 'SIGTERM during an automatic rollback: its post step sees it to its end',
    tell: duringARollback('terminated'),
  },
  {
    title: 'SIGINT before an automatic rollback was written, the API silent: its post step writes it',
    tell: async (desk) => {
      const interruption = await prepare(desk, 'cancelled');
      let patches = 0;
      interruption.onRequest((what) => {
        if (what === 'PATCH web') patches += 1;
        if (what !== 'PATCH web' || patches < 2) return;
        interruption.silence();
        interruption.end();
      });
      const { post } = await interruption.run(crash);
      expect([post?.exitCode, post?.summary]).toEqual([0, expect.stringContaining('1.0')]);
      await expectBack(desk);
    },
  },
  {
    title: 'SIGINT while the API is silent from the first: answered all the same',
    tell: async (desk) => {
      const interruption = await prepare(desk, 'cancelled');
      interruption.silence();
      interruption.onRequest(interruption.end);
      const { outputs } = await interruption.run({ images: `web=${webImage('1.1')}` });
      expect([outputs['changed'], outputs['message']]).toEqual(['false', expect.stringContaining('did not answer')]);
      expect(imageOf(await desk.complete())).toBe(webImage('1.0'));
    },
  },
  {
    title: 'SIGINT when the API falls silent during the rollout: answered all the same',
    tell: async (desk) => {
      const interruption = await prepare(desk, 'cancelled');
      await interruption.run({ images: `web=${webImage('1.1', 'unready')}` }, (line) => {
        if (!line.includes('0 of 2 pods available')) return;
        interruption.silence();
        interruption.end();
      });
      expect(await readEntry(desk, '1.1')).not.toHaveProperty('failedAt');
      await expectOneTruth(desk);
    },
  },
];
