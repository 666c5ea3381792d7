import { request } from 'node:http';
import { getOctokit } from '@actions/github';
import { describe, expect, test } from '@jest/globals';
import { DEPLOYMENTS, useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send, deploy } = client;
const NEW = { ref: 'main' };

const as = (token: string) => ({ authorization: `token ${token}` });

describe('a token', () => {
  test.each([
    ['none', 403, 403],
    ['read', 200, 403],
    ['write', 200, 201],
  ] as const)('with deployments: %s', async (deployments, reads, writes) => {
    const token = client.github.token({ deployments });
    const id = await deploy();
    expect((await send('GET', DEPLOYMENTS, undefined, as(token))).status).toBe(reads);
    expect((await send('GET', `${DEPLOYMENTS}/${id}/statuses`, undefined, as(token))).status).toBe(reads);
    const refused = await send('POST', DEPLOYMENTS, NEW, as(token));
    expect(refused.status).toBe(writes);
    expect((await send('POST', `${DEPLOYMENTS}/${id}/statuses`, { state: 'failure' }, as(token))).status).toBe(writes);
    expect((await send('DELETE', `${DEPLOYMENTS}/${id}`, undefined, as(token))).status).toBe(
      writes === 403 ? 403 : 204,
    );
    if (writes === 403) {
      expect(refused.body.message).toBe('Resource not accessible by integration');
      expect(refused.headers.get('x-accepted-github-permissions')).toBe('deployments=write');
    }
  });

  test.each([
    [undefined, 'github-actions[bot]', 'Bot', undefined],
    [{ login: 'release-guard[bot]', app: 'release-guard' }, 'release-guard[bot]', 'Bot', undefined],
    [{ login: 'octocat' }, 'octocat', 'User', undefined],
    [{ login: 'octocat', app: 'github-actions' }, 'octocat', 'User', 'github-actions'],
  ])('writes as its owner, with the App beside a person alone: %j', async (who, login, type, slug) => {
    const token = client.github.token({ deployments: 'write' }, who);
    const { body } = await send('POST', DEPLOYMENTS, NEW, as(token));
    expect(body.creator).toMatchObject({ login, type });
    expect(body.performed_via_github_app?.slug).toBe(slug);
    expect(client.github.deployments()[0]).toMatchObject({ creator: login });
    expect(client.github.requests[0]).toMatchObject({ login, status: 201 });
  });

  test('of a person who may not is told so in other words', async () => {
    const token = client.github.token({ deployments: 'none' }, { login: 'octocat' });
    const { body } = await send('GET', DEPLOYMENTS, undefined, as(token));
    expect(body.message).toBe('Resource not accessible by personal access token');
  });

  test('that nobody gave is refused, and without any there is nothing', async () => {
    expect(await send('GET', DEPLOYMENTS, undefined, as('ghs_unknown'))).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    expect((await fetch(client.github.url + DEPLOYMENTS)).status).toBe(404);
    expect(client.github.requests.map(({ login, status }) => [login, status])).toEqual([
      ['', 401],
      ['', 404],
    ]);
  });
});

describe('an address', () => {
  test.each([
    '/repos/octo/other/deployments',
    '/repos/other/shop/deployments',
    '/repositories/1/deployments',
    '/repos/octo/shop/pulls',
    '/',
  ])('that is not there: %s', async (path) => {
    expect(await send('GET', path)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  });

  test('names the repository in any case', async () => {
    expect((await send('GET', '/repos/Octo/SHOP/deployments')).status).toBe(200);
  });

  test('of an Enterprise Server has a prefix, and so have the addresses that it gives', async () => {
    const baseUrl = `${client.github.url}/api/v3`;
    const octokit = getOctokit(client.github.token({ deployments: 'write' }), { baseUrl });
    const shop = { owner: 'octo', repo: 'shop' };
    const { data } = await octokit.rest.repos.createDeployment({ ...shop, ref: 'main', required_contexts: [] });
    expect(data).toMatchObject({ url: expect.stringContaining(`${baseUrl}/repos/octo/shop/deployments/`) });
    client.github.seed(Array.from({ length: 150 }, () => ({ environment: 'e', task: 't', payload: {} })));
    const all = await octokit.paginate(octokit.rest.repos.listDeployments, { ...shop, per_page: 100 });
    expect(all).toHaveLength(151);
    expect(client.github.requests.at(-1)?.path).toBe('/api/v3/repositories/4711000/deployments');
  });
});

describe('headers', () => {
  test.each([
    ['', '2022-11-28', 200],
    ['', '2026-03-10', 200],
    ['', 'v3', 400],
    ['/api/v3', '2022-11-28', 200],
    ['/api/v3', '2026-03-10', 400],
  ])('%s with version %s: %d', async (prefix, version, expected) => {
    const answer = await send('GET', prefix + DEPLOYMENTS, undefined, { 'x-github-api-version': version });
    expect(answer.status).toBe(expected);
    expect(client.github.violations).toHaveLength(expected === 200 ? 0 : 1);
  });

  test('need a User-Agent', async () => {
    const headers = as(client.github.token({ deployments: 'read' }));
    const status = await new Promise((resolve, reject) => {
      const sent = request(client.github.url + DEPLOYMENTS, { headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(403);
    expect(client.github.violations).toEqual([`GET ${DEPLOYMENTS}: it has no User-Agent`]);
  });
});
