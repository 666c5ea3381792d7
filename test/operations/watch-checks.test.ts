import { describe, expect, test } from '@jest/globals';
import { doubtInherited } from '../../src/checks/inherited.ts';
import { type ChecksEnd, type Stage, watchChecks } from '../../src/operations/watch-checks.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';
import { createFakeClock, settle } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';

type State = CheckAnswer['state'];

/** A check that answers so, look by look; the last answer for ever. */
function answering(states: readonly State[], more: Partial<Check> = {}): Check & { readonly looks: () => number } {
  let looks = 0;
  const look = async () => {
    const state = states[Math.min(looks, states.length - 1)] ?? 'pass';
    looks += 1;
    return { state, message: `look ${looks}` };
  };
  return { name: 'front page', early: true, intervalMs: 5_000, threshold: 3, look, looks: () => looks, ...more };
}

function watching(...checks: readonly Check[]) {
  return watchingOver({ keepsServing: true }, ...checks);
}

function watchingOver({ keepsServing }: Pick<Stage, 'keepsServing'>, ...checks: readonly Check[]) {
  const [completed, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stop = new AbortController();
  const [clock, log] = [createFakeClock(), createLogBook()];
  let end: ChecksEnd | undefined;
  const stage = { keepsServing, completed: completed.promise, over: over.promise };
  void watchChecks({ clock, log }, checks, stage, stop.signal).then((ended) => {
    end = ended;
  });
  return {
    pass: async (seconds: number) => {
      for (let count = 0; count < seconds; count++) await clock.advance(1_000);
    },
    complete: async () => [completed.resolve(), await settle()],
    over: async () => [over.resolve(), await settle()],
    stop: async () => [stop.abort(), await settle()],
    end: () => end,
  };
}

describe('watchChecks', () => {
  test('without checks nothing is waited for', async () => {
    const watch = watching();
    await settle();
    expect(watch.end()).toEqual({ reports: [], verdict: 'passed', message: '' });
  });

  test('looks through the rollout and the window, and ends when these are over', async () => {
    const check = answering(['pass']);
    const watch = watching(check);
    await watch.pass(10);
    await watch.complete();
    await watch.pass(16);
    expect(watch.end()).toBeUndefined();
    await watch.over();
    expect(watch.end()).toMatchObject({ verdict: 'passed', reports: [{ state: 'passed', failures: 0 }] });
    const before = check.looks();
    await watch.pass(20);
    expect(check.looks()).toBe(before);
  });

  test('what passed during the rollout must pass once more when it is complete', async () => {
    const watch = watching(answering(['pass', 'pass', 'fail', 'fail', 'fail', 'pass'], { threshold: 5 }));
    await watch.pass(6);
    await watch.complete();
    await watch.over();
    expect(watch.end()).toBeUndefined();
    await watch.pass(20);
    expect(watch.end()).toMatchObject({ verdict: 'passed' });
  });

  test('three failures in a row during the rollout fail it, though it had passed before', async () => {
    const watch = watching(answering(['pass', 'fail']));
    await watch.pass(20);
    expect(watch.end()).toMatchObject({
      verdict: 'failed',
      message: 'check front page failed 3 times in a row: look 4',
    });
  });

  test('what failed before the rollout waits until it is complete', async () => {
    const check = answering(['fail', 'fail', 'fail', 'fail', 'pass']);
    const watch = watching(check);
    await watch.pass(60);
    expect([check.looks(), watch.end()]).toEqual([1, undefined]);
    await watch.complete();
    await watch.over();
    await watch.pass(60);
    expect(watch.end()).toMatchObject({ verdict: 'failed' });
  });

  test('one that does not look early looks for the first time when all is complete', async () => {
    const check = answering(['pass'], { early: false });
    const watch = watching(check);
    await watch.pass(30);
    expect(check.looks()).toBe(0);
    await watch.complete();
    await watch.over();
    await watch.pass(1);
    expect([check.looks(), watch.end()?.verdict]).toEqual([1, 'passed']);
  });

  test('a slow rhythm does not hold up what is complete', async () => {
    const check = answering(['pass'], { intervalMs: 3_600_000 });
    const watch = watching(check);
    await watch.pass(10);
    await watch.complete();
    await watch.over();
    expect(watch.end()).toMatchObject({ verdict: 'passed' });
    expect(check.looks()).toBe(3);
  });

  test.each([
    ['inconclusive', 'had nothing to judge by'],
    ['error', 'could not be carried out'],
  ] as const)('%s three times in a row ends it, as what it is', async (state, words) => {
    const watch = watching(answering([state]));
    await watch.complete();
    await watch.pass(20);
    expect(watch.end()).toMatchObject({
      verdict: state,
      message: `check front page ${words} 3 times in a row: look 4`,
    });
  });

  test('the first that fails ends the others', async () => {
    const other = answering(['pass'], { name: 'basket' });
    const watch = watching(answering(['fail']), other);
    await watch.complete();
    await watch.pass(20);
    expect(watch.end()).toMatchObject({
      verdict: 'failed',
      reports: [{ name: 'front page' }, { name: 'basket', state: 'passed' }],
    });
    const before = other.looks();
    await watch.pass(20);
    expect(other.looks()).toBe(before);
  });

  test('a failure outweighs what cannot tell', async () => {
    const watch = watching(answering(['error'], { name: 'metrics' }), answering(['fail'], { intervalMs: 6_000 }));
    await watch.complete();
    await watch.pass(20);
    expect(watch.end()).toMatchObject({ verdict: 'failed', reports: [{ state: 'error' }, { state: 'failed' }] });
  });

  test('without checks nothing can be stopped', async () => {
    const watch = watching();
    await watch.stop();
    expect(watch.end()?.verdict).toBe('passed');
  });

  test('stopped from outside: no verdict', async () => {
    const watch = watching(answering(['pass']));
    await watch.pass(6);
    await watch.stop();
    expect(watch.end()?.verdict).toBeUndefined();
  });

  test.each([true, false])('the past is held against nobody, seen before (%j) or not', async (keepsServing) => {
    const watch = watchingOver({ keepsServing }, doubtInherited(answering(['fail'], { threshold: 1 })));
    await watch.pass(6);
    await watch.complete();
    await watch.over();
    await watch.pass(20);
    expect(watch.end()).toMatchObject({ verdict: 'inconclusive' });
  });
});
