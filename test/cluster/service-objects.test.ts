import { afterEach, expect, test } from '@jest/globals';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import { selectorPatch } from '../../src/rollout/service.ts';
import { type Answer, json, startApiServer, status } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

const silent = { info: () => undefined, warn: () => undefined, debug: () => undefined };
const ref = { namespace: 'shop', name: 'web' };
const path = '/api/v1/namespaces/shop/services/web';
const web = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '1' },
  spec: { selector: { app: 'web-blue' } },
};
const patch = selectorPatch(web, { app: 'web-green' });
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function open(answer: Answer) {
  const server = await startApiServer(answer);
  const options = { access: server.access, clock: instantClock(), log: silent, version: '0.1.0' };
  const { serviceObjects, close } = createClusterClient(options);
  endings.push(close, server.close);
  return { services: serviceObjects, received: server.received };
}

test('a Service is read by its name, and patched as JSON patch', async () => {
  const { services, received } = await open((_request, response) => json(response, 200, web));
  expect(await services.get(ref)).toEqual(web);
  expect(await services.patch(ref, patch)).toEqual(web);
  await services.patch(ref, patch, { dryRun: true });
  expect(received.map(({ method, path: asked, query }) => [method, asked, query['dryRun']])).toEqual([
    ['GET', path, undefined],
    ['PATCH', path, undefined],
    ['PATCH', path, 'All'],
  ]);
  expect(received[1]?.headers['content-type']).toBe('application/json-patch+json');
  expect(JSON.parse(received[1]?.body ?? '')).toEqual(patch);
});

test.each([
  [404, status(404, 'NotFound', 'services "web" not found'), 'not-found', 'service shop/web: not found'],
  [
    403,
    status(403, 'Forbidden', 'services "web" is forbidden: User "ci" cannot patch resource "services"'),
    'forbidden',
    'add to its Role: apiGroups [""], resources ["services"], verbs ["patch"]',
  ],
  // A `test` operation that fails.
  [
    422,
    status(422, 'Invalid', 'the server rejected our request due to an error in our request'),
    'conflict',
    'changed',
  ],
])('an answer %i is told as what it is', async (code, body, kind, words) => {
  const { services } = await open((_request, response) => json(response, code, body));
  await expect(services.patch(ref, patch)).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
});
