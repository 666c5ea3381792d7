import { describe, expect, test } from '@jest/globals';
import type { ChecksContext } from '../../src/checks/create-checks.ts';
import { doubtInherited } from '../../src/checks/inherited.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';
import { startHttpServer } from './http-server.ts';
import { checkOf } from './sample.ts';

const LETTERS = { p: 'pass', f: 'fail', i: 'inconclusive', e: 'error' } as const;
const { signal } = new AbortController();

function scripted(letters: string): Check {
  const answers = [...letters].map((letter): CheckAnswer => ({ state: LETTERS[letter as 'p'], message: letter }));
  const look = async () => answers.shift() ?? { state: 'error' as const, message: 'over' };
  return { name: 'errors', early: true, intervalMs: 1, threshold: 1, look };
}

test.each([
  ['ffff', 'iiii'],
  ['pfff', 'pfff'],
  ['ifff', 'ifff'],
  ['effff', 'eiiii'],
  ['fefff', 'ieiii'],
  ['ffpff', 'iipff'],
  ['ffiff', 'iiiff'],
  ['pppp', 'pppp'],
])('%s is %s', async (given, told) => {
  const check = doubtInherited(scripted(given));
  const states: string[] = [];
  for (const _letter of given) states.push((await check.look(signal)).state[0] ?? '');
  expect(states.join('')).toBe(told);
});

test('the message says why', async () => {
  const message = 'f from the first look on, perhaps since before this release';
  expect(await doubtInherited(scripted('f')).look(signal)).toEqual({ state: 'inconclusive', message });
});

describe('which queries see the past', () => {
  test.each<readonly [string, ChecksContext['mode'], string]>([
    ['shop_error_ratio', 'deploy', 'fail'],
    ['shop_errors{code=~"[45].."} > 0', 'deploy', 'fail'],
    ['sum(rate(shop_errors[1m]))', 'deploy', 'inconclusive'],
    ['max_over_time(shop_errors[ 5m:10s ])', 'redeploy', 'inconclusive'],
    ['shop_error_ratio', 'rollback', 'inconclusive'],
  ])('%s in mode %s: %s', async (query, mode, state) => {
    const data = { resultType: 'scalar', result: [1, '5'] };
    const server = await startHttpServer((_, response) => response.end(JSON.stringify({ status: 'success', data })));
    const check = await checkOf({ prometheus: { url: server.url, query, below: 1 } }, { mode });
    expect(await check.look(signal)).toMatchObject({ state });
    expect(await check.look(signal)).toMatchObject({ state });
    await server.close();
  });
});
