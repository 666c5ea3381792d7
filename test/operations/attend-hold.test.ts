import { expect, test } from '@jest/globals';
import { attendHold, type Look } from '../../src/operations/attend-hold.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { sampleResult } from '../report/sample.ts';

const WELL: Look = { kind: 'well' };
const AWAY: Look = { kind: 'unseen', why: 'deployment shop/web: connection refused' };
const OVER: Look = { kind: 'over', result: sampleResult({ outcome: 'rolled-back' }) };

/** A hold whose looks come one after the other from `looks`, the last one again and again; when it was looked at, in seconds. */
function hold(holdMs: number, looks: readonly Look[] = [WELL], lookMs = 0) {
  const [clock, log, stop] = [createFakeClock(), createLogBook(), new AbortController()];
  const begin = clock.now();
  const at: number[] = [];
  let ended: { readonly at: number; readonly how: unknown } | undefined;
  const seconds = () => (clock.now() - begin) / 1000;
  void attendHold({ clock, log, interrupt: stop.signal }, holdMs, async () => {
    at.push(seconds());
    const seen = looks[Math.min(at.length, looks.length) - 1] ?? WELL;
    if (lookMs > 0) await clock.sleep(lookMs);
    return seen;
  }).then((how) => {
    ended = { at: seconds(), how };
  });
  return { at, clock, log, stop, ended: () => ended };
}

test.each([
  ['a short one', 10_000, 1, 9],
  ['a minute', 60_000, 6, 9],
  ['ten minutes', 600_000, 15, 39],
  ['an hour', 3_600_000, 15, 239],
])('%s is looked at all along, and never ends before its time', async (_, holdMs, every, looks) => {
  const { at, clock, log, ended } = hold(holdMs);
  await clock.advance(holdMs - 1);
  expect([at.length, at[0], at.at(-1), ended()]).toEqual([looks, every, looks * every, undefined]);
  await clock.advance(1);
  expect(ended()).toEqual({ at: holdMs / 1000, how: undefined });
  expect([at.length, log.infos, log.warnings, clock.sleepers()]).toEqual([looks, [], [], 0]);
});

test('one that is over in a moment is left to whoever lets it go on', async () => {
  const { at, clock, ended } = hold(400);
  await clock.advance(400);
  expect([at, ended()]).toEqual([[], { at: 0.4, how: undefined }]);
});

test('what a look ends is over at once', async () => {
  const { at, clock, ended } = hold(600_000, [WELL, WELL, OVER]);
  await clock.advance(600_000);
  expect([at, ended()]).toEqual([
    [15, 30, 45],
    { at: 45, how: { result: OVER.kind === 'over' && OVER.result, heldMs: 45_000 } },
  ]);
});

test('what cannot be seen ends nothing, and is said once until it is seen again', async () => {
  const { clock, log, ended } = hold(60_000, [AWAY, AWAY, WELL, AWAY, AWAY, AWAY]);
  await clock.advance(60_000);
  const told = 'deployment shop/web: connection refused; the canary stays held, and is looked at again';
  expect([log.warnings, ended()]).toEqual([[told, told], { at: 60, how: undefined }]);
});

test('a look that outlasts the hold is waited for, and counts', async () => {
  const slow = hold(10_000, [WELL], 30_000);
  await slow.clock.advance(40_000);
  expect([slow.at, slow.ended()]).toEqual([[1], { at: 31, how: undefined }]);
  const bad = hold(10_000, [OVER], 30_000);
  await bad.clock.advance(40_000);
  expect(bad.ended()).toMatchObject({ at: 31, how: { heldMs: 1_000 } });
});

test('told to end, it ends at once', async () => {
  const { at, clock, stop, ended } = hold(600_000);
  await clock.advance(20_000);
  stop.abort();
  await clock.advance(0);
  expect([at, ended()]).toEqual([[15], { at: 20, how: undefined }]);
});
