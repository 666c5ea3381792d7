import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../sandbox/github/faults.ts';
import { GitHubError } from '../../src/errors.ts';
import { FILTER, failureOf, type GateFixture, NEW_BLOCK, openGate } from './gate-fixture.ts';

let fixture: GateFixture;
beforeEach(async () => {
  fixture = await openGate();
});
afterEach(async () => {
  expect(fixture.github.violations).toEqual([]);
  await fixture.github.close();
});

const read = (gate = fixture.gate, signal?: AbortSignal) => gate.read(FILTER, () => true, signal);
const append = (gate = fixture.gate) => gate.append(NEW_BLOCK);
const requests = () => fixture.github.requests.length;

describe('a token', () => {
  test('that may not read names the line that is missing', async () => {
    const gate = fixture.gateOf({ token: fixture.github.token({ deployments: 'none' }) });
    expect(await failureOf(read(gate))).toBe(
      'forbidden: repository octo/shop: the token may not read deployments: add `permissions: { deployments: read }` to the job',
    );
    expect(requests()).toBe(1);
  });

  test('that may not read names the line of a job that writes later, too', async () => {
    const gate = fixture.gateOf({ token: fixture.github.token({ deployments: 'none' }), needs: 'write' });
    expect(await failureOf(read(gate))).toBe(
      'forbidden: repository octo/shop: the token may not read deployments: add `permissions: { deployments: write }` to the job',
    );
  });

  test('that may not write names the line that is missing', async () => {
    const gate = fixture.gateOf({ token: fixture.github.token({ deployments: 'read' }) });
    expect(await read(gate)).toEqual([]);
    expect(await failureOf(append(gate))).toBe(
      'forbidden: repository octo/shop: the token may not write deployments: add `permissions: { deployments: write }` to the job',
    );
    expect(requests()).toBe(2);
  });

  test.each([
    'Resource not accessible by personal access token',
    'Although you appear to have the correct authorization\nSSO',
  ])('that may not for another reason says it: %j', async (message) => {
    fixture.github.faults.next(1, { answer: 403, message });
    expect(await failureOf(read())).toBe(
      `forbidden: repository octo/shop: the token may not read deployments (${message.replace('\n', ' ')}): add \`permissions: { deployments: read }\` to the job`,
    );
  });

  test('that GitHub does not know', async () => {
    expect(await failureOf(read(fixture.gateOf({ token: 'ghs_expired' })))).toBe(
      'unauthorized: repository octo/shop: GitHub does not accept the token (Bad credentials); check github-token',
    );
  });

  test('for another repository', async () => {
    expect(await failureOf(read(fixture.gateOf({ repository: 'octo/other' })))).toBe(
      `not-found: repository octo/other: not found at ${fixture.github.url} with this token; check github-token, and that it may read deployments`,
    );
  });

  test.each([
    ['said by GitHub', (token: string): Fault => ({ answer: 422, message: `no "${token}" here` })],
    [
      'said in a detail',
      (token: string): Fault => ({ answer: 422, body: { message: 'x', errors: [{ message: token }] } }),
    ],
  ])('is never shown, not even %s', async (_, fault) => {
    const { github, token } = fixture;
    github.faults.next(1, fault(token));
    const failure = await failureOf(append());
    expect(failure).toContain('***');
    expect(failure).not.toContain(token);
  });

  test('that no header can hold is never shown', async () => {
    const token = 'ghs_first\nsecond';
    const failure = await failureOf(read(fixture.gateOf({ token })));
    expect(failure).toMatch(/^unreachable: GitHub at http:\/\/127\.0\.0\.1:\d+: Invalid character in header content/);
    expect(failure).not.toMatch(/first|second/);
    expect(requests()).toBe(0);
  });

  test('that no header can hold ends nothing later: a rollout goes on long after its request was given up', async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    process.on('unhandledRejection', hear);
    await failureOf(read(fixture.gateOf({ token: 'ghs_first\nsecond', timeout: 50 })));
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });
});

describe('what may pass is tried again', () => {
  test.each<[string, Fault, number[]]>([
    ['an error of the server', { answer: 502 }, [300, 1_000]],
    ['a connection that breaks', { reset: 'before' }, [300, 1_000]],
    ['a secondary limit', { limited: 'secondary', retryAfterSeconds: 5 }, [5_000, 5_000]],
    ['a secondary limit as 429', { limited: 'secondary', status: 429, retryAfterSeconds: 1 }, [1_000, 1_000]],
  ])('%s', async (_, fault, slept) => {
    fixture.github.faults.next(2, fault);
    expect(await read()).toEqual([]);
    expect(fixture.slept).toEqual(slept);
  });

  test('a primary limit that is reset soon', async () => {
    fixture.github.faults.next(1, { limited: 'primary', resetAfterSeconds: 20 });
    expect(await read()).toEqual([]);
    expect(fixture.slept).toEqual([expect.any(Number)]);
    expect(fixture.slept[0]).toBeGreaterThan(20_000);
    expect(fixture.slept[0]).toBeLessThan(22_000);
  });

  test('records are written again', async () => {
    fixture.github.faults.next(2, { answer: 503 });
    const id = await append();
    expect(fixture.github.deployments()).toMatchObject([{ id }]);
  });

  test('but not for ever', async () => {
    fixture.github.faults.always({ answer: 503 });
    expect(await failureOf(read())).toBe(
      `unreachable: GitHub at ${fixture.github.url}: it answers 503; look at its status page, and run again`,
    );
    expect(fixture.slept).toEqual([300, 1_000, 2_000, 4_000]);
    expect(requests()).toBe(5);
  });
});

describe('limits that last', () => {
  test.each<[string, Fault]>([
    ['a primary one', { limited: 'primary', resetAfterSeconds: 1_800 }],
    ['a secondary one', { limited: 'secondary', retryAfterSeconds: 60 }],
    ['a secondary one without a time', { limited: 'secondary' }],
    ['a secondary one without a time as 429', { limited: 'secondary', status: 429 }],
  ])('%s ends at once, with a time', async (_, fault) => {
    fixture.github.faults.always(fault);
    expect(await failureOf(read())).toMatch(
      /^limited: repository octo\/shop: GitHub takes no more requests of this token before \d\d:\d\d:\d\d UTC; run again then$/,
    );
    expect(requests()).toBe(1);
  });
});

describe('a server', () => {
  test('that is silent ends in time, and is asked again while that makes sense', async () => {
    fixture.github.faults.always({ silence: 'before' });
    const gate = fixture.gateOf({ timeout: 50 });
    expect(await failureOf(read(gate))).toBe(
      `unreachable: GitHub at ${fixture.github.url}: no answer within 0.05 s; check the network of this runner, firewalls and proxy settings`,
    );
    expect(requests()).toBe(5);
  });

  test('that falls silent within its answer ends in time', async () => {
    const server = createServer((_, response) => void response.writeHead(200, { 'content-length': 9 }).write('['));
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
    });
    const apiUrl = `http://127.0.0.1:${port}`;
    expect(await failureOf(read(fixture.gateOf({ apiUrl, timeout: 50 })))).toMatch(/^unreachable: .* no answer within/);
    server.closeAllConnections();
    server.close();
  });

  test('that cuts its answer short is not believed', async () => {
    let count = 0;
    const server = createServer((_, response) => {
      count += 1;
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': 9 })
        .write('[]', () => response.destroy());
    });
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
    });
    const apiUrl = `http://127.0.0.1:${port}`;
    expect(await failureOf(read(fixture.gateOf({ apiUrl })))).toBe(
      `unreachable: GitHub at ${apiUrl}: the connection was cut; check what stands between this runner and GitHub`,
    );
    expect(count).toBe(5);
    server.close();
  });

  test('that is not there', async () => {
    const apiUrl = 'http://127.0.0.1:1';
    expect(await failureOf(read(fixture.gateOf({ apiUrl })))).toBe(
      `unreachable: GitHub at ${apiUrl}: connection refused; check the network of this runner`,
    );
    expect(fixture.slept).toHaveLength(4);
  });
});

describe('whoever no longer waits', () => {
  test('is told so at once', async () => {
    const abort = new AbortController();
    fixture.github.faults.always({ before: () => abort.abort() });
    const failure = failureOf(read(fixture.gate, abort.signal));
    expect(await failure).toBe(`unreachable: GitHub at ${fixture.github.url}: the wait for its answer was given up`);
    expect(requests()).toBe(1);
  });

  test('is told what came of the tries, and else what they gave as their reason', async () => {
    const reason = new GitHubError('unreachable', 'GitHub did not answer within 2 s');
    const abort = new AbortController();
    fixture.github.faults.next(1, { answer: 503 });
    fixture.github.faults.always({ before: () => abort.abort(reason) });
    expect(await failureOf(read(fixture.gate, abort.signal))).toMatch(/503/);
    expect(requests()).toBe(2);
    expect(await failureOf(read(fixture.gate, abort.signal))).toBe(`unreachable: ${reason.message}`);
  });

  test('asks nothing more', async () => {
    expect(await failureOf(read(fixture.gate, AbortSignal.abort()))).toMatch(/given up$/);
    expect(requests()).toBe(0);
  });
});
