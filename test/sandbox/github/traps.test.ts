import { describe, expect, test } from '@jest/globals';
import { DEPLOYMENTS, useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send, deploy, setState } = client;
const TOPIC = 'a'.repeat(40);
const DAY_MS = 24 * 3_600_000;

describe('the ref of a deployment', () => {
  test.each(['v9.9.9', 'b'.repeat(40)])('that names nothing is refused: %s', async (ref) => {
    const { status, body } = await send('POST', DEPLOYMENTS, { ref, auto_merge: false, required_contexts: [] });
    expect([status, body.message]).toEqual([422, `No ref found for: ${ref}`]);
  });

  test.each(['topic', 'refs/heads/topic', TOPIC])('is a branch, a tag or a commit: %s', async (ref) => {
    client.github.push('topic', { sha: TOPIC });
    await deploy({ ref });
    expect(client.github.deployments()[0]).toMatchObject({ ref, sha: TOPIC });
  });
});

describe('auto_merge', () => {
  test('merges by default and makes no deployment of a branch that is behind; the next call does', async () => {
    client.github.push('topic', { sha: TOPIC, behind: true });
    const merged = await send('POST', DEPLOYMENTS, { ref: 'topic' });
    expect(merged).toMatchObject({ status: 202, body: { message: 'Auto-merged main into topic on deployment.' } });
    expect(client.github.deployments()).toEqual([]);
    expect((await send('POST', DEPLOYMENTS, { ref: 'topic' })).status).toBe(201);
    expect(client.github.deployments()[0]?.sha).not.toBe(TOPIC);
  });

  test.each([
    ['topic', 'in conflict' as const],
    [TOPIC, true],
  ])('cannot merge into %s', async (ref, behind) => {
    client.github.push('topic', { sha: TOPIC, behind });
    const { status, body } = await send('POST', DEPLOYMENTS, { ref });
    expect([status, body.message]).toEqual([409, `Conflict merging main into ${ref}.`]);
  });

  test('is off when it is said', async () => {
    client.github.push('topic', { sha: TOPIC, behind: true });
    expect((await send('POST', DEPLOYMENTS, { ref: 'topic', auto_merge: false })).status).toBe(201);
    expect(client.github.deployments()[0]?.sha).toBe(TOPIC);
  });
});

describe('required_contexts', () => {
  test.each([
    [undefined, { test: 'success' }, 201],
    [undefined, { test: 'success', lint: 'failure' }, 409],
    [undefined, { test: 'pending' }, 409],
    [['test'], { test: 'success', lint: 'failure' }, 201],
    [['deploy'], { test: 'success' }, 409],
    [[], { test: 'failure' }, 201],
  ] as const)('%j of %j: %d', async (required, contexts, expected) => {
    client.github.push('main', { sha: TOPIC, contexts });
    const body = { ref: 'main', ...(required && { required_contexts: required }) };
    const { status } = await send('POST', DEPLOYMENTS, body);
    expect(status).toBe(expected);
    expect(client.github.deployments()).toHaveLength(expected === 201 ? 1 : 0);
  });
});

describe('auto_inactive', () => {
  const states = () =>
    client.github
      .deployments()
      .toReversed()
      .map(({ statuses }) => statuses[0]?.state);

  test('by default turns older successes of the environment inactive, and nothing else', async () => {
    const older = [
      await deploy({ environment: 'staging' }),
      await deploy({ environment: 'other' }),
      await deploy({ environment: 'staging', transient_environment: true }),
      await deploy({ environment: 'staging', production_environment: true }),
    ];
    for (const id of older) await setState(id, 'success', { auto_inactive: false });
    await setState(await deploy({ environment: 'staging' }), 'failure', { auto_inactive: false });
    const before = ['success', 'success', 'success', 'success', 'failure'];
    expect(states()).toEqual(before);
    await setState(await deploy({ environment: 'staging' }), 'success');
    expect(states()).toEqual(['inactive', 'success', 'success', 'success', 'failure', 'success']);
  });

  test.each([
    ['success', { auto_inactive: false }],
    ['failure', {}],
    ['in_progress', {}],
  ])('leaves them alone for %s %j', async (state, fields) => {
    await setState(await deploy({ environment: 'staging' }), 'success');
    await setState(await deploy({ environment: 'staging' }), state, fields);
    expect(states()).toEqual(['success', state]);
  });
});

describe('a status', () => {
  test.each([
    ['x'.repeat(140), undefined],
    ['é'.repeat(140), undefined],
    ['x'.repeat(141), 'description is too long (maximum is 140 characters)'],
    ['🚀', "description doesn't accept 4-byte Unicode"],
  ])('has a short description: %s', async (description, problem) => {
    const { status, body } = await setState(await deploy(), 'failure', { description });
    expect([status, body.errors?.[0].message]).toEqual([problem ? 422 : 201, problem]);
    expect(client.github.violations).toHaveLength(problem ? 1 : 0);
  });

  test('says what it was given', async () => {
    const id = await deploy({ environment: 'staging' });
    const { body } = await setState(id, 'failure', { log_url: 'https://example.com/1', description: 'no good' });
    expect(body).toMatchObject({
      state: 'failure',
      environment: 'staging',
      description: 'no good',
      target_url: 'https://example.com/1',
      log_url: 'https://example.com/1',
      creator: { login: 'github-actions[bot]' },
    });
    expect((await send('GET', `${DEPLOYMENTS}/${id}/statuses`)).body).toEqual([body]);
  });

  test('can move its deployment to another environment', async () => {
    await setState(await deploy({ environment: 'staging' }), 'success', { environment: 'production' });
    expect((await send('GET', `${DEPLOYMENTS}?environment=staging`)).body).toEqual([]);
    const [moved] = (await send('GET', `${DEPLOYMENTS}?environment=production`)).body;
    expect(moved).toMatchObject({ environment: 'production', original_environment: 'staging' });
  });

  test('is kept for 90 days once another superseded it; the current one and the payload stay', async () => {
    const id = await deploy({ payload: { v: 1 } });
    await setState(id, 'in_progress');
    client.github.advance(89 * DAY_MS);
    await setState(id, 'success');
    const seen = async () =>
      (await send('GET', `${DEPLOYMENTS}/${id}/statuses`)).body.map(({ state }: { state: string }) => state);
    expect(await seen()).toEqual(['success', 'in_progress']);
    client.github.advance(2 * DAY_MS);
    expect(await seen()).toEqual(['success']);
    client.github.advance(1000 * DAY_MS);
    expect(await seen()).toEqual(['success']);
    expect((await send('GET', `${DEPLOYMENTS}/${id}`)).body.payload).toEqual({ v: 1 });
  });
});
