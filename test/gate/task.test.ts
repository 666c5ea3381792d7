import { describe, expect, test } from '@jest/globals';
import { deployTask, gateTask } from '../../src/gate/task.ts';
import { seeded } from '../release/seeded.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';

test.each(['1.4.2', 'v2.0.0-rc.1', '2026.11.21.3', '1.0.0+build.5', sha, 'a_b'])('%s stands for itself', (release) => {
  expect(gateTask('default', release)).toBe(`release-gate:default/${release}`);
});

test.each([
  ['a slash', 'feature/cart', 'feature-cart'],
  ['200 characters', 'x'.repeat(200), 'x'.repeat(25)],
  ['a character more than a task has room for', 'x'.repeat(43), 'x'.repeat(25)],
  ['emoji', '1.0 🚀 to the moon', '1.0-to-the-moon'],
  ['nothing but emoji', '🚀🚀', '-'],
  ['a line end', '1.0\n', '1.0-'],
  ['a command', '$(id)`id`', '-id-id-'],
  ['nothing', '', ''],
])('a name with %s is a readable beginning and a hash', (_title, release, beginning) => {
  const [prefix, key = ''] = gateTask('default', release).split('/');
  expect(prefix).toBe('release-gate:default');
  const [start, hash] = key.split('~');
  expect(start).toBe(beginning);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
});

test('a scope is keyed as a release is', () => {
  expect(deployTask('default')).toBe('release-deploy:default');
  expect(deployTask('team a/shop')).toMatch(/^release-deploy:team-a-shop~[0-9a-f]{16}$/);
  expect(gateTask('team a/shop', '1.0')).toMatch(/^release-gate:team-a-shop~[0-9a-f]{16}\/1\.0$/);
});

describe('tasks that could be taken for another', () => {
  const sameButFor = [
    ['1.0', '1.0 '],
    ['a/b', 'a-b'],
    ['a/b', 'a b'],
    ['1.0', '1․0'],
    ['\u00e9', 'e\u0301'],
    ['x'.repeat(100), 'x'.repeat(101)],
    ['V1', 'v1'],
  ] as const;

  test.each(sameButFor)('%j and %j are two', (one, other) => {
    expect(gateTask('default', one)).not.toBe(gateTask('default', other));
    expect(deployTask(one)).not.toBe(deployTask(other));
  });

  test('no name can be written so that it is the key of another', () => {
    const key = gateTask('default', 'a/b').split('/')[1] ?? '';
    expect(gateTask('default', key)).not.toBe(gateTask('default', 'a/b'));
  });

  test('no pair of scope and release makes the task of another pair', () => {
    expect(gateTask('a', 'b/1.0')).not.toBe(gateTask('a/b', '1.0'));
  });
});

test('whatever the names are, a task is plain and below a hundred characters, and no two names share one', () => {
  const random = seeded(5);
  const alphabet = [...'ab1.-+/_ ~:%\\\'"`$(){}<>|\n\r\t\u0000\u001b\u2028éß漢🚀'] as [string, ...string[]];
  const seen = new Map<string, string>();
  for (let count = 0; count < 5000; count += 1) {
    const name = Array.from({ length: random.integer(60) }, () => random.pick(alphabet)).join('');
    const task = gateTask(name, name);
    expect(task).toMatch(/^release-gate:[\w.+~-]+\/[\w.+~-]+$/);
    expect(task.length).toBeLessThan(100);
    expect(seen.get(task) ?? name).toBe(name);
    seen.set(task, name);
  }
});
