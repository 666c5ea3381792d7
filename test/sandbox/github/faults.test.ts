import { setTimeout as pause } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { describe, expect, test } from '@jest/globals';
import { DEPLOYMENTS, useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send, deploy } = client;
const NEW = { ref: 'main' };

describe('a fault', () => {
  test('happens so many times, to the requests that match, and in the order in which it was armed', async () => {
    const { faults, requests } = client.github;
    faults.next(2, { answer: 502 }, ({ method }) => method === 'POST');
    faults.next(1, { answer: 404, message: 'Gone' }, ({ method }) => method === 'POST');
    expect((await send('GET', DEPLOYMENTS)).status).toBe(200);
    for (const expected of [502, 502, 404, 201]) expect((await send('POST', DEPLOYMENTS, NEW)).status).toBe(expected);
    expect(requests.map(({ status }) => status)).toEqual([200, 502, 502, 404, 201]);
  });

  test('lasts until it is cleared', async () => {
    client.github.faults.always({ answer: 503 });
    for (const _ of [1, 2, 3]) expect((await send('GET', DEPLOYMENTS)).status).toBe(503);
    client.github.faults.clear();
    expect((await send('GET', DEPLOYMENTS)).status).toBe(200);
  });

  test('of a server is a page for people, and no JSON', async () => {
    client.github.faults.next(2, { answer: 500 });
    const octokit = getOctokit(client.github.token({ deployments: 'read' }), { baseUrl: client.github.url });
    const reading = octokit.rest.repos.listDeployments({ owner: 'octo', repo: 'shop' });
    await expect(reading).rejects.toMatchObject({ status: 500 });
    expect((await send('GET', DEPLOYMENTS)).body).toMatch(/^<html>/);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('resets a connection %s the write', async (reset, written) => {
    client.github.faults.next(1, { reset });
    await expect(send('POST', DEPLOYMENTS, NEW)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(client.github.deployments()).toHaveLength(written);
    expect(client.github.requests).toMatchObject([{ method: 'POST', status: 0, body: NEW }]);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('never answers, asked %s the write', async (silence, written) => {
    client.github.faults.next(1, { silence });
    const aborter = new AbortController();
    const asking = fetch(client.github.url + DEPLOYMENTS, {
      method: 'POST',
      body: JSON.stringify(NEW),
      headers: { authorization: `Bearer ${client.github.token({ deployments: 'write' })}` },
      signal: aborter.signal,
    });
    while (client.github.requests.length === 0) await pause(5);
    expect(await Promise.race([asking, pause(50, 'nothing')])).toBe('nothing');
    aborter.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(client.github.deployments()).toHaveLength(written);
  });

  test('makes an answer late', async () => {
    client.github.faults.next(1, { delayMs: 120 });
    const start = performance.now();
    expect((await send('GET', DEPLOYMENTS)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(110);
  });

  test('lets somebody else be first, or last', async () => {
    const other = () => client.github.seed([{ environment: 'e', task: 'other', payload: {} }]);
    client.github.faults.next(1, { before: other });
    client.github.faults.next(1, { after: other });
    for (const task of ['a', 'b']) await deploy({ task });
    expect(client.github.deployments().map(({ task }) => task)).toEqual(['other', 'b', 'a', 'other']);
  });

  test.each([
    [{ limited: 'secondary', retryAfterSeconds: 30 }, 403, '30'],
    [{ limited: 'secondary', status: 429 }, 429, null],
  ] as const)('is a secondary limit: %j', async (fault, status, retryAfter) => {
    client.github.faults.next(1, fault);
    const answer = await send('POST', DEPLOYMENTS, NEW);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(answer.body.message).toMatch('secondary rate limit');
    expect(client.github.deployments()).toEqual([]);
  });

  test('is the primary limit, with when it ends', async () => {
    client.github.faults.next(1, { limited: 'primary', resetAfterSeconds: 60 });
    const { status, headers } = await send('GET', DEPLOYMENTS);
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    const reset = Number(headers.get('x-ratelimit-reset')) - client.github.clock.now() / 1000;
    expect(Math.abs(reset - 60)).toBeLessThan(5);
  });
});

describe('stale reads', () => {
  const shown = async (query = '') => (await send('GET', `${DEPLOYMENTS}?${query}`)).body.length;

  test('hide a new deployment from so many lists that should show it', async () => {
    client.github.staleFor(2);
    const id = await deploy({ task: 'a' });
    expect(await shown('task=b')).toBe(0);
    expect((await send('GET', `${DEPLOYMENTS}/${id}`)).status).toBe(200);
    expect([await shown('task=a'), await shown(), await shown(), await shown()]).toEqual([0, 0, 1, 1]);
    expect(client.github.deployments()).toHaveLength(1);
  });

  test('hide it for a time, and leave what was there before', async () => {
    await deploy();
    client.github.staleFor({ ms: 5_000 });
    await deploy();
    expect(await shown()).toBe(1);
    client.github.advance(5_000);
    expect(await shown()).toBe(2);
  });

  test('end', async () => {
    client.github.staleFor(9);
    client.github.staleFor(0);
    await deploy();
    expect(await shown()).toBe(1);
  });
});

describe('limits', () => {
  const limited = useGitHub({ requestsPerHour: 3, writesPerMinute: 2 });

  test('count down by the login, and start anew an hour later', async () => {
    const left = async () => (await limited.send('GET', DEPLOYMENTS)).headers.get('x-ratelimit-remaining');
    expect([await left(), await left(), await left()]).toEqual(['2', '1', '0']);
    const refused = await limited.send('GET', DEPLOYMENTS);
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
    expect(refused.body.message).toMatch('API rate limit exceeded');
    const other = limited.github.token({ deployments: 'read' }, { login: 'octocat' });
    expect((await limited.send('GET', DEPLOYMENTS, undefined, { authorization: `token ${other}` })).status).toBe(200);
    limited.github.advance(3_600_000);
    expect(await left()).toBe('2');
  });

  test('allow only so many writes in a minute', async () => {
    const write = () => limited.send('POST', DEPLOYMENTS, NEW);
    expect([(await write()).status, (await write()).status]).toEqual([201, 201]);
    const refused = await write();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, '60']);
    limited.github.advance(3_600_000);
    expect((await write()).status).toBe(201);
  });
});
