import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/errors.ts';
import { readBlockInputs, readGateInputs, readUnblockInputs } from '../../src/inputs/read-gate-inputs.ts';

type Given = Readonly<Record<string, string>>;

const SHARED = { release: '1.1', 'github-token': 'ghs_x' };
const GATE = { ...SHARED, environment: 'production' };
const BLOCK = { ...SHARED, reason: 'pods crash' };

const from = (given: Given) => (name: string) => given[name] ?? '';

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

describe('gate/', () => {
  test('what is left out has its default', () => {
    expect(readGateInputs(from(GATE))).toEqual({
      ...{ release: '1.1', scope: 'default', trust: ['github-actions[bot]'], token: 'ghs_x' },
      ...{ environment: 'production', after: '', soakMs: 0, allowRedeploy: true },
    });
  });

  test('all of it', () => {
    const given = {
      ...{ ...GATE, after: 'staging', soak: '1h30m', 'allow-redeploy': 'FALSE', scope: 'shop' },
      'trusted-writers': 'my-app[bot]',
    };
    expect(readGateInputs(from(given))).toMatchObject({
      ...{ after: 'staging', soakMs: 5_400_000, allowRedeploy: false, scope: 'shop', trust: ['my-app[bot]'] },
    });
  });

  test.each(['', '0', '0s', '00m'])('soak %j is no time', (soak) => {
    expect(readGateInputs(from({ ...GATE, after: 'staging', soak })).soakMs).toBe(0);
  });

  test.each([
    [{ release: '' }, 'release is empty: name the release, for example 1.4.2'],
    [{ release: 'a::b' }, expect.stringContaining('begin a workflow command')],
    [{ environment: '' }, 'environment is empty: name the environment that the release is to enter'],
    [{ environment: 'release-gate' }, expect.stringContaining("the gate's own records")],
    [{ after: 'a\u0007' }, expect.stringContaining('after "a\u{FFFD}" has a line end')],
    [{ after: 'production' }, 'after "production" is the environment itself: name another'],
    [{ after: 'PRODUCTION' }, 'after "PRODUCTION" is the environment itself: name another'],
    [{ after: 'staging', soak: 'long' }, 'soak "long" is no duration: write 90s, 10m or 1h30m'],
    [{ after: 'staging', soak: 's' }, 'soak "s" is no duration: write 90s, 10m or 1h30m'],
    [{ soak: '1h' }, 'soak says for how long, but not where: name the environment in after'],
    [{ 'allow-redeploy': 'yes' }, 'allow-redeploy "yes" is neither true nor false'],
    [{ scope: 'a/b' }, expect.stringContaining('scope "a/b" cannot be used')],
    [{ 'trusted-writers': '@mona' }, expect.stringContaining('"@mona" is no login')],
    [{ 'github-token': '' }, 'github-token is empty: leave it out for the token of the job'],
  ] as const)('%j is refused', (given, problem) => {
    expect(problemsOf(() => readGateInputs(from({ ...GATE, ...given })))).toEqual([problem]);
  });

  test('all problems are said at once', () => {
    expect(problemsOf(() => readGateInputs(from({ soak: '1h', 'allow-redeploy': '1', scope: '?' })))).toHaveLength(6);
  });
});

describe('block/', () => {
  test('reads where and why', () => {
    expect(readBlockInputs(from({ ...BLOCK, environment: 'staging' }))).toMatchObject({
      environment: 'staging',
      reason: 'pods crash',
    });
    expect(readBlockInputs(from(BLOCK)).environment).toBe('');
  });

  test.each(['', ' ', '…', '---'])('reason %j is refused', (reason) => {
    expect(problemsOf(() => readBlockInputs(from({ ...BLOCK, reason })))).toEqual([
      'reason says nothing: write why, for those who ask later',
    ]);
  });

  test('a reason in any script is one, a novel is none', () => {
    expect(readBlockInputs(from({ ...BLOCK, reason: '壊れた' })).reason).toBe('壊れた');
    expect(problemsOf(() => readBlockInputs(from({ ...BLOCK, reason: 'a'.repeat(501) })))).toEqual([
      'reason is longer than 500 characters: shorten it',
    ]);
  });
});

describe('unblock/', () => {
  test.each([
    ['', 1, undefined],
    ['123', 1, 123],
    ['123', 3, 123],
    ['3300000000', 2, 3_300_000_000],
  ])('block %j in attempt %d is %j', (block, attempt, id) => {
    expect(readUnblockInputs(from({ ...BLOCK, block }), attempt).block).toBe(id);
  });

  test.each(['abc', '0', '-1', '1.5', '1e3', '#12', '99999999999999999'])('block %j is refused', (block) => {
    expect(problemsOf(() => readUnblockInputs(from({ ...BLOCK, block }), 1))).toEqual([
      `block "${block}" is no record: write its number, as the gate does`,
    ]);
  });

  test('a re-run must name the record, since another may close the gate by now', () => {
    expect(problemsOf(() => readUnblockInputs(from(BLOCK), 2))).toEqual([
      'block is empty in a re-run: name the record to lift, or start a new run',
    ]);
  });
});
