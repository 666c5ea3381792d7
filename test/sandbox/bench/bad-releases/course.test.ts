import { describe, expect, test } from '@jest/globals';
import { courseOf, type Glance } from '../../../../sandbox/bench/bad-releases/course.ts';

/** Glances a second apart: what is asked for, pods of the old release, pods of the new one. */
function glances(...seen: readonly (readonly [Glance['wants'], number, number])[]): readonly Glance[] {
  return seen.map(([wants, old, fresh], second) => ({ at: second * 1000, wants, old, new: fresh }));
}

describe('the course of a rollout', () => {
  test('that nothing touched has no moments', () => {
    const course = courseOf(glances(['old', 3, 0], ['old', 3, 0]), 3);
    expect(course).toEqual({ leftAt: undefined, backAt: undefined, restoredAt: undefined, fewest: 3 });
  });

  test('that is taken back before a pod served is restored with the write', () => {
    const course = courseOf(glances(['old', 3, 0], ['new', 3, 0], ['old', 3, 0], ['old', 3, 0]), 3);
    expect(course).toEqual({ leftAt: 1000, backAt: 2000, restoredAt: 2000, fewest: 3 });
  });

  test('is restored when the last pod of the new release no longer serves, not before', () => {
    const course = courseOf(glances(['old', 3, 0], ['new', 2, 1], ['old', 2, 1], ['old', 3, 1], ['old', 3, 0]), 3);
    expect(course).toMatchObject({ backAt: 2000, restoredAt: 4000 });
  });

  test('counts the last time that it was restored: what breaks again was not', () => {
    const course = courseOf(glances(['old', 3, 0], ['new', 3, 0], ['old', 3, 0], ['old', 2, 0], ['old', 3, 0]), 3);
    expect(course).toMatchObject({ backAt: 2000, restoredAt: 4000 });
  });

  test('that stays on the new release is never restored, and its worst moment counts', () => {
    const course = courseOf(glances(['old', 3, 0], ['new', 1, 2], ['new', 0, 3], ['new', 0, 0], ['new', 0, 3]), 3);
    expect(course).toEqual({ leftAt: 1000, backAt: undefined, restoredAt: undefined, fewest: 0 });
  });
});
