import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun, RunOptions } from '../../sandbox/runner/run-action.ts';
import { abort, expectHeld, expectReturned, held, openCanaryDesk, promote } from './canary-desk.ts';
import { gateStory } from './gate-desk.ts';
import { completeSet, imageOfSet, installSet, ledgerOfSet, rollSet } from './kinds-desk.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { type Inputs, isWrite, type Story, well } from './story.ts';

/** Longer than any of these stories may take: a run that it outlasts was ended before its time. */
const hold = '110s';
const longestMs = 100_000;
/** … and time for one that waits until its end all the same, to say so. */
const patient = { timeoutMs: 200_000 };

/** A run that holds a canary of one pod, once it does. */
interface Holding {
  readonly ended: Promise<ActionRun>;
  readonly stop: AbortController;
  /** When it began to hold it, and when it went on. */
  readonly times: { readonly held?: number; readonly wentOn?: number };
}

async function beginHold(desk: Desk, inputs: Inputs = {}): Promise<Holding> {
  const [stop, begun] = [new AbortController(), Promise.withResolvers<void>()];
  const times: { held?: number; wentOn?: number } = {};
  const onLine: RunOptions['onLine'] = (line) => {
    if (line.includes('by itself in')) {
      times.held = performance.now();
      begun.resolve();
    }
    if (line.includes('takes over from')) times.wentOn = performance.now();
  };
  const given = { deployment: 'web', release: '1.1', images: `web=${webImage('1.1')}`, canary: '1', timeout: '60s' };
  const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s' };
  const all = { ...given, ...unwatched, 'canary-hold': hold, ...inputs };
  const ended = desk.run('root', all, { ...patient, cancelled: stop.signal, onLine });
  await Promise.race([begun.promise, ended]);
  if (times.held === undefined) throw new Error(`held nothing:\n${(await ended).log}`);
  return { ended, stop, times };
}

const set = 'statefulset';

/** While a run holds a canary for a time, it looks at it all along. */
export const canaryHold: readonly Story[] = [
  gateStory('a canary that crashes while it is held for a time is taken back long before, and blocked', async (at) => {
    const { desk } = at;
    const shop = await openCanaryDesk(desk, 3);
    const images = `web=${webImage('1.1', 'dies')}`;
    const inputs = { images, canary: '1', 'canary-hold': hold, environment: 'production', deployment: 'web' };
    const run = await at.deploy('production', '1.1', inputs, patient);
    expect([run.exitCode, run.outputs['outcome'], run.outputs['reason-code']]).toEqual([
      1,
      'rolled-back',
      'container-crashed',
    ]);
    expect(run.durationMs).toBeLessThan(longestMs);
    expect(run.outputs['message']).toMatch(/1\.1 failed: .*container web exits 1.*\(held for (1m)?(\d+s)?\)/);
    expect(run.outputs['blocked-release']).toBe('1.1');
    expect(at.records().map(({ payload }) => payload.release)).toEqual(['1.1']);
    await expectReturned(desk, shop);
    expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3 });
    expect(await readEntry(desk, '1.1')).toMatchObject({ failedAt: expect.any(String) });
    await desk.answers('1.0');
    await expectOneTruth(desk);
    shop.close();
  }),
  {
    title:
      'a canary that is well while it is held for a time: looked at in silence, and goes on at the end, not before',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const since = new Date();
      const { ended, times } = await beginHold(desk, { 'canary-hold': '6s' });
      const run = await well(ended);
      expect(run.outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
      const { held: from = 0, wentOn = 0 } = times;
      expect(wentOn - from).toBeGreaterThanOrEqual(4_000);
      const lines = run.log.split('\n');
      const between = lines.slice(
        lines.findIndex((line) => line.includes('by itself in 6s')) + 1,
        lines.findIndex((line) => line.includes('and goes on')),
      );
      expect(between).toEqual([]);
      // The template with its gate, the pause, and the promotion.
      const patches = (await desk.requestsSince(since))?.filter(isWrite);
      if (patches) expect(patches).toHaveLength(3);
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: 'a run that is cancelled while it holds a canary: it stays held, and the run says that it does not go on',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const { ended, stop } = await beginHold(desk);
      stop.abort();
      const { outputs, summary, durationMs } = await held(ended);
      expect(durationMs).toBeLessThan(longestMs);
      expect(outputs['message']).toContain('cancelled while it held the canary, so it does not go on by itself');
      expect(summary).toContain('This run was cancelled while it held the canary, so it does not go on by itself.');
      await expectHeld(desk, { old: 3, new: 1 });
      await well(promote(desk));
      await expectReturned(desk, shop);
      shop.close();
    },
  },
  ...(
    [
      ['promotes it', promote, '1.1'],
      ['takes it back', abort, '1.0'],
    ] as const
  ).map(
    ([act, decide, serves]): Story => ({
      title: `somebody else ${act} while a run holds a canary for a time: that run ends at once, and leaves it alone`,
      tell: async (desk) => {
        const shop = await openCanaryDesk(desk, 3);
        const { ended } = await beginHold(desk);
        await well(decide(desk));
        const { exitCode, outputs, durationMs } = await ended;
        expect([exitCode, outputs['outcome']]).toEqual([1, 'superseded']);
        expect(durationMs).toBeLessThan(longestMs);
        await expectReturned(desk, shop);
        await desk.answers(serves);
        await expectOneTruth(desk);
        shop.close();
      },
    }),
  ),
  {
    title: 'statefulset: a canary that crashes while it is held for a time is taken back long before',
    tell: async (desk) => {
      await installSet(desk, set, webImage('1.0'));
      const images = `web=${webImage('1.1', 'dies')}`;
      // Whether the pod is ready in the moment that it is taken back, and so leaves by itself, is chance.
      const inputs = { release: '1.1', images, canary: '1', 'canary-hold': hold, 'forced-rollback': 'true' };
      const { exitCode, outputs, durationMs } = await rollSet(desk, set, inputs, patient);
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'container-crashed']);
      expect(durationMs).toBeLessThan(longestMs);
      await completeSet(desk, set);
      expect(await imageOfSet(desk, set)).toBe(webImage('1.0'));
      expect(await ledgerOfSet(desk, set)).not.toHaveProperty('canary');
    },
  },
];
