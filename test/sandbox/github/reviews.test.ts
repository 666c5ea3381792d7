import { describe, expect, test } from '@jest/globals';
import { useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send } = client;
const HISTORY = '/repos/octo/shop/actions/runs/4711/approvals';

const as = (actions: 'none' | 'read' | 'write') => ({
  authorization: `Bearer ${client.github.token({ actions })}`,
});

describe('the review history of a run', () => {
  test('has who said what of which environments, and no time', async () => {
    const environments = ['production', 'a b'];
    client.github.review('4711', { state: 'rejected', login: 'hubot', environments, comment: 'no' });
    client.github.review('4711', { state: 'approved', login: 'octocat' });
    const { body } = await send('GET', HISTORY, undefined, as('read'));
    expect(body).toMatchObject([
      { state: 'rejected', comment: 'no', user: { login: 'hubot', type: 'User' } },
      { state: 'approved', comment: '', user: { login: 'octocat' }, environments: [{ name: 'production' }] },
    ]);
    expect(body[0].environments).toMatchObject([
      { name: 'production' },
      { name: 'a b', html_url: expect.stringMatching(/environments_filter=a%20b$/) },
    ]);
    expect(Object.keys(body[0]).sort()).toEqual(['comment', 'environments', 'state', 'user']);
  });

  test('is empty for a run that nobody reviewed', async () => {
    client.github.review('4712', { state: 'rejected', login: 'hubot' });
    expect((await send('GET', HISTORY, undefined, as('read'))).body).toEqual([]);
  });

  test.each([
    ['none', 403],
    ['read', 200],
    ['write', 200],
  ] as const)('is for who may read actions: %s', async (actions, status) => {
    const answer = await send('GET', HISTORY, undefined, as(actions));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.headers.get('x-accepted-github-permissions')).toBe('actions=read');
  });

  test('is nothing that the right to write deployments covers', async () => {
    expect((await send('GET', HISTORY)).status).toBe(403);
  });

  test('has no pages', async () => {
    await send('GET', `${HISTORY}?per_page=100`, undefined, as('read'));
    expect(client.github.violations).toEqual([`GET ${HISTORY}?per_page=100: there is no "per_page" in its query`]);
  });
});
