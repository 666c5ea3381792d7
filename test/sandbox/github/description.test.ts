import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openFakeGitHub } from '../../../sandbox/github/fake-github.ts';
import { operations } from '../../../sandbox/github/routes.ts';
import { DEPLOYMENTS, useGitHub } from './rest-client.ts';

const client = useGitHub();
const { send, deploy } = client;

describe('a request that the description does not allow', () => {
  test.each([
    [{}, `"ref" wasn't supplied.`],
    [{ ref: 1 }, `For 'properties/ref', 1 is not a string.`],
    [{ ref: 'main', auto_merge: 'false' }, `For 'properties/auto_merge', "false" is not a boolean.`],
    [{ ref: 'main', required_contexts: '' }, `For 'properties/required_contexts', "" is not an array.`],
    [{ ref: 'main', required_contexts: null }, `For 'properties/required_contexts', nil is not an array.`],
    [{ ref: 'main', payload: 7 }, `For 'properties/payload', no subschema in "oneOf" matched.`],
    ['', `For 'links/0/schema', nil is not an object.`],
    ['[]', `For 'links/0/schema', [] is not an object.`],
  ])('%j is refused and recorded', async (body, complaint) => {
    const { status, body: answer } = await send('POST', DEPLOYMENTS, body);
    expect([status, answer.message]).toEqual([422, `Invalid request.\n\n${complaint}`]);
    expect(client.github.violations).toEqual([`POST ${DEPLOYMENTS}: Invalid request. ${complaint}`]);
    expect(client.github.deployments()).toEqual([]);
  });

  test('is refused where its state is none', async () => {
    const id = await deploy();
    const { status, body } = await send('POST', `${DEPLOYMENTS}/${id}/statuses`, { state: 'blocked' });
    expect([status, body.message]).toEqual([422, expect.stringContaining('"blocked" is not a member of ["error",')]);
    expect(client.github.violations).toHaveLength(1);
  });

  test('is refused where it is no JSON', async () => {
    expect(await send('POST', DEPLOYMENTS, '{')).toMatchObject({
      status: 400,
      body: { message: 'Problems parsing JSON' },
    });
    expect(client.github.violations).toEqual([`POST ${DEPLOYMENTS}: its body is no JSON`]);
  });

  test('is overlooked by GitHub, but recorded, where it has names that mean nothing', async () => {
    expect((await send('GET', `${DEPLOYMENTS}?enviroment=staging`)).status).toBe(200);
    expect((await send('POST', DEPLOYMENTS, { ref: 'main', autoMerge: false })).status).toBe(201);
    expect((await send('GET', `${DEPLOYMENTS}?per_page=many`)).status).toBe(200);
    expect(client.github.violations).toEqual([
      `GET ${DEPLOYMENTS}?enviroment=staging: there is no "enviroment" in its query`,
      `POST ${DEPLOYMENTS}: there is no "autoMerge" in its body`,
      `GET ${DEPLOYMENTS}?per_page=many: per_page must be integer`,
    ]);
  });
});

test('the fake itself is held to the description: its own mistake ends the test', async () => {
  const github = await openFakeGitHub();
  github.seed([{ environment: 'e', task: 't', payload: 7 }]);
  const headers = { authorization: `Bearer ${github.token({ deployments: 'read' })}` };
  expect((await fetch(github.url + DEPLOYMENTS, { headers })).status).toBe(500);
  await expect(github.close()).rejects.toThrow(/broke GitHub's description: .*payload must be string/);
});

test('the description is of what is served, nothing more, and says from which package it is', () => {
  const { info, paths } = JSON.parse(readFileSync('sandbox/github/openapi.json', 'utf8'));
  const described = Object.entries(paths).flatMap(([template, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${template}`),
  );
  expect(described.sort()).toEqual(operations.map(({ method, template }) => `${method} ${template}`).sort());
  expect(info.version).toMatch(/^@octokit\/openapi@\d+\.\d+\.\d+$/);
});
