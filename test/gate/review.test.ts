import { expect, test } from '@jest/globals';
import { type Review, rejectionIn } from '../../src/gate/review.ts';

const PROMOTE = 'production-promote';

function review(fields: Partial<Review>): Review {
  return { environments: [PROMOTE], state: 'rejected', login: 'octocat', comment: '', ...fields };
}

const by = (login: string) => review({ login });

test.each<[string, readonly Review[], string | undefined]>([
  ['nobody said anything', [], undefined],
  ['somebody approved', [review({ state: 'approved' })], undefined],
  ['somebody only commented', [review({ state: 'pending', comment: 'wait' })], undefined],
  ['another environment was turned down', [review({ environments: ['staging'] })], undefined],
  ['somebody rejected', [review({})], 'rejected by @octocat in production-promote'],
  [
    'somebody rejected, and said why',
    [review({ comment: 'too slow' })],
    'rejected by @octocat in production-promote: too slow',
  ],
  [
    'several environments at once',
    [review({ environments: ['staging', PROMOTE] })],
    'rejected by @octocat in production-promote',
  ],
  [
    'its name in other letters',
    [review({ environments: ['Production-Promote'] })],
    'rejected by @octocat in production-promote',
  ],
  ['an account that is gone', [review({ login: '' })], 'rejected by somebody in production-promote'],
  [
    'another attempt of the run was approved',
    [review({ state: 'approved', login: 'hubot' }), review({})],
    'rejected by @octocat in production-promote',
  ],
  ['one rejection for two jobs', [review({}), review({})], 'rejected by @octocat in production-promote'],
  [
    'two attempts were rejected',
    [by('octocat'), by('hubot')],
    'rejected by @octocat in production-promote; by @hubot in production-promote',
  ],
  [
    'many attempts were rejected',
    ['a', 'b', 'c', 'd', 'e'].map(by),
    'rejected by @a in production-promote; by @b in production-promote; by @c in production-promote; by 2 more',
  ],
])('where %s', (_, reviews, expected) => {
  expect(rejectionIn(PROMOTE, reviews)).toBe(expected);
});

test('what people wrote becomes one line that is not too long', () => {
  const comment = `no\n::set-output name=x::y\r\n\u001b[31m${'long '.repeat(200)}`;
  const said = rejectionIn(PROMOTE, [review({ login: 'octo\ncat\u202e', comment })]) ?? '';
  expect(said).toMatch(/^rejected by @octo\u{FFFD}cat\u{FFFD} in production-promote: no ::set-output name=x::y long/u);
  expect(said).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(said.length).toBeLessThan(400);
  expect(said).toMatch(/…$/);
});
