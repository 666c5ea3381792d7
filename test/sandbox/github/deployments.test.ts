import { getOctokit } from '@actions/github';
import { describe, expect, test } from '@jest/globals';
import { HEAD } from '../../../sandbox/github/commits.ts';
import { DEPLOYMENTS, useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send, deploy, setState } = client;
const SHOP = { owner: 'octo', repo: 'shop' };
const LOOSE = { auto_merge: false, required_contexts: [] };

async function listed(query: string): Promise<readonly number[]> {
  const { body } = await send('GET', `${DEPLOYMENTS}?${query}`);
  return body.map(({ id }: { id: number }) => id);
}

describe('a new deployment', () => {
  test.each([[{ v: 1, nested: { release: '1.1 🚀', list: [1, null] } }], ['{"not":"parsed"}']])(
    'gives back task, environment and payload as they came: %j',
    async (payload) => {
      const octokit = getOctokit(client.github.token({ deployments: 'write' }), { baseUrl: client.github.url });
      const fields = { task: 'release-gate:default/1.1', environment: 'release-gate', payload, ...LOOSE };
      const made = await octokit.rest.repos.createDeployment({ ...SHOP, ref: HEAD, ...fields });
      const { data } = await octokit.rest.repos.listDeployments({ ...SHOP, task: fields.task });
      expect(made.status).toBe(201);
      expect(data).toEqual([made.data]);
      expect(data[0]).toMatchObject({ sha: HEAD, ref: HEAD, task: fields.task, environment: 'release-gate', payload });
      expect(client.github.violations).toEqual([]);
    },
  );

  test('has GitHub’s defaults', async () => {
    const { status, body } = await send('POST', DEPLOYMENTS, { ref: 'main' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      task: 'deploy',
      environment: 'production',
      production_environment: true,
      payload: {},
    });
    expect(client.github.deployments()[0]).toMatchObject({ sha: HEAD, statuses: [], transient: false });
  });

  test('can be read by its id, and another cannot', async () => {
    const id = await deploy();
    expect((await send('GET', `${DEPLOYMENTS}/${id}`)).body.id).toBe(id);
    expect((await send('GET', `${DEPLOYMENTS}/${id + 1}`)).status).toBe(404);
    expect((await setState(id + 1, 'success')).status).toBe(404);
    expect((await send('GET', `${DEPLOYMENTS}/${id + 1}/statuses`)).status).toBe(404);
  });
});

describe('a list', () => {
  test('is newest first, and filters by the exact words', async () => {
    client.github.push('v1', { sha: 'a'.repeat(40) });
    const first = await deploy({ task: 'a', environment: 'staging' });
    const second = await deploy({ task: 'a/b', environment: 'staging', ref: 'v1' });
    const third = await deploy({ task: 'a', environment: 'Staging' });
    expect(first).toBeLessThan(second);
    expect(await listed('')).toEqual([third, second, first]);
    expect(await listed('task=a')).toEqual([third, first]);
    expect(await listed('environment=staging')).toEqual([second, first]);
    expect(await listed('environment=staging&task=a')).toEqual([first]);
    expect(await listed('ref=v1')).toEqual([second]);
    expect(await listed(`sha=${HEAD}`)).toEqual([third, first]);
    expect(await listed('task=A')).toEqual([]);
  });

  test('comes in pages, linked by the repository’s number', async () => {
    const ids = client.github.seed(Array.from({ length: 45 }, () => ({ environment: 'e', task: 't', payload: {} })));
    const newest = ids.toReversed();
    expect(await listed('task=t')).toEqual(newest.slice(0, 30));
    const page = await send('GET', `${DEPLOYMENTS}?task=t&per_page=20&page=2`);
    const links = Object.fromEntries(
      [...(page.headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel, url]),
    );
    expect(Object.keys(links).sort()).toEqual(['first', 'last', 'next', 'prev']);
    expect(links['next']).toContain('/repositories/4711000/deployments?task=t&per_page=20&page=3');
    const { body, headers } = await send('GET', links['next'] ?? '');
    expect(body.map(({ id }: { id: number }) => id)).toEqual(newest.slice(40));
    expect(headers.get('link')).not.toContain('rel="next"');
    expect(await listed('task=t&page=9')).toEqual([]);
  });

  test('is walked to its end by octokit', async () => {
    const ids = client.github.seed(Array.from({ length: 250 }, () => ({ environment: 'e', task: 't', payload: {} })));
    const octokit = getOctokit(client.github.token({ deployments: 'read' }), { baseUrl: client.github.url });
    const all = await octokit.paginate(octokit.rest.repos.listDeployments, { ...SHOP, task: 't', per_page: 100 });
    expect(all.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(client.github.requests).toHaveLength(3);
  });

  test('never has more than a hundred to a page', async () => {
    client.github.seed(Array.from({ length: 101 }, () => ({ environment: 'e', task: 't', payload: {} })));
    expect(await listed('per_page=500')).toHaveLength(100);
    expect(client.github.violations).toEqual([`GET ${DEPLOYMENTS}?per_page=500: per_page is at most 100`]);
  });
});

describe('deleting', () => {
  test.each(['failure', 'inactive', 'in_progress'])('a deployment that is %s succeeds', async (state) => {
    const [, id] = [await deploy(), await deploy()];
    await setState(id, state);
    expect((await send('DELETE', `${DEPLOYMENTS}/${id}`)).status).toBe(204);
    expect((await send('GET', `${DEPLOYMENTS}/${id}`)).status).toBe(404);
    expect(await listed('')).toHaveLength(1);
  });

  test('an active one is refused, unless it is the only one', async () => {
    const [other, id] = [await deploy(), await deploy()];
    await setState(id, 'success');
    const refused = await send('DELETE', `${DEPLOYMENTS}/${id}`);
    expect(refused).toMatchObject({ status: 422, body: { message: expect.stringMatching('cannot delete an active') } });
    await send('DELETE', `${DEPLOYMENTS}/${other}`);
    expect((await send('DELETE', `${DEPLOYMENTS}/${id}`)).status).toBe(204);
  });

  test('is past all rules for a test', async () => {
    const [, id] = [await deploy(), await deploy()];
    await setState(id, 'success');
    client.github.remove(id);
    expect(await listed('')).toHaveLength(1);
  });
});
