import { afterEach, describe, expect, test } from '@jest/globals';
import { createClock } from '../src/clock.ts';

const realNow = Date.now;
afterEach(() => {
  Date.now = realNow;
});

describe('the clock', () => {
  test('tells the time as others do, in whole milliseconds', () => {
    const now = createClock().now();
    expect(Math.abs(now - Date.now())).toBeLessThan(1_000);
    expect(Number.isInteger(now)).toBe(true);
  });

  test.each([900_000, -900_000])('goes on evenly while the machine is set by %i ms', (step) => {
    const clock = createClock();
    const before = clock.now();
    Date.now = () => realNow() + step;
    const passed = clock.now() - before;
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThan(1_000);
  });

  test('and sleep go alike', async () => {
    const clock = createClock();
    const before = clock.now();
    await clock.sleep(100);
    expect(clock.now() - before).toBeGreaterThanOrEqual(98);
  });
});
