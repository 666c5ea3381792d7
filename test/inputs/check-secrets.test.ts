import { expect, test } from '@jest/globals';
import { secretsOf } from '../../src/inputs/check-secrets.ts';
import { readChecks } from '../../src/inputs/read-checks.ts';

async function secretsIn(headers: Readonly<Record<string, string>>) {
  const { checks } = await readChecks(JSON.stringify([{ http: { url: 'http://x', headers } }, { command: ['x'] }]));
  return secretsOf(checks);
}

test.each<readonly [Readonly<Record<string, string>>, readonly string[]]>([
  [{}, []],
  [{ Authorization: 'Bearer t0k3n' }, ['Bearer t0k3n', 't0k3n']],
  [{ authorization: 'bearer  t0k3n ' }, ['bearer  t0k3n ', 't0k3n']],
  [{ Authorization: 'Basic dXNlcjpwYTU6d29yZA==' }, ['Basic dXNlcjpwYTU6d29yZA==', 'dXNlcjpwYTU6d29yZA==', 'pa5:word']],
  [{ Authorization: 'Basic ====' }, ['Basic ====', '====']],
  [{ 'X-Api-Key': 'k3y!' }, ['k3y!']],
  [{ 'X-Debug': '1', 'X-Mode': 'on' }, []],
  [{ Accept: 'application/json', 'content-type': 'text/plain', Host: 'shop.example', 'User-Agent': 'smoke' }, []],
  [{ A: 'same-value', B: 'same-value' }, ['same-value']],
])('%j', async (headers, secrets) => {
  expect(await secretsIn(headers)).toEqual(secrets);
});

test('headers of Prometheus count as well', async () => {
  const { checks } = await readChecks('- prometheus: {url: http://p, query: up, below: 1, headers: {X-Token: s3cr3t}}');
  expect(secretsOf(checks)).toEqual(['s3cr3t']);
});
