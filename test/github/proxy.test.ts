import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { createGate } from '../../src/github/gate-store.ts';
import { instantClock } from '../cluster/instant-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { FILTER, failureOf } from './gate-fixture.ts';

const opened: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return (server.address() as AddressInfo).port;
}

/** A GitHub that has no records, and notes who asks. */
async function startGitHub(): Promise<{ port: number; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.setHeader('content-type', 'application/json').end('[]');
  });
  return { port: await listen(server), seen };
}

/** A proxy that tunnels to `port` of this machine whatever it is asked for, and notes that. */
async function startProxy(port: number) {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const server = createServer().on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { port: await listen(server), asked };
}

const gateOf = (environment: Record<string, string>, apiUrl = 'http://github.test', timeout = 10_000) =>
  createGate({
    ...{ token: 'ghs_token', apiUrl, repository: 'octo/shop', sha: '', runUrl: '', timeout },
    ...{ environment, clock: instantClock(), log: createLogBook() },
  });
const read = (gate: ReturnType<typeof gateOf>) => gate.read(FILTER, () => true);

describe('a proxy', () => {
  test('tunnels, learns only its own credentials, and keeps its tunnel', async () => {
    const github = await startGitHub();
    const proxy = await startProxy(github.port);
    const gate = gateOf({ HTTP_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}` });
    expect(await read(gate)).toEqual([]);
    expect(await read(gate)).toEqual([]);
    const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(proxy.asked).toEqual([{ target: 'github.test:80', authorization }]);
    expect(github.seen.map((headers) => [headers.host, headers.authorization, headers['proxy-authorization']])).toEqual(
      [
        ['github.test', 'token ghs_token', undefined],
        ['github.test', 'token ghs_token', undefined],
      ],
    );
  });

  test('is not asked where no_proxy excepts GitHub', async () => {
    const github = await startGitHub();
    const proxy = await startProxy(github.port);
    const environment = { http_proxy: `http://127.0.0.1:${proxy.port}` };
    const apiUrl = `http://0.0.0.0:${github.port}`;
    await read(gateOf(environment, apiUrl));
    expect(proxy.asked).toHaveLength(1);
    await read(gateOf({ ...environment, no_proxy: '0.0.0.0' }, apiUrl));
    expect(proxy.asked).toHaveLength(1);
    expect(github.seen).toHaveLength(2);
  });

  test('does not change whose certificate has to be good', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'github.test' }]);
    const port = await listen(createSecureServer({ key, cert }));
    const proxy = await startProxy(port);
    const gate = gateOf({ https_proxy: `http://127.0.0.1:${proxy.port}` }, 'https://github.test/api/v3');
    expect(await failureOf(read(gate))).toMatch(
      /^unreachable: GitHub at https:\/\/github\.test\/api\/v3: its certificate is not accepted \(.*\); if its CA is your own, set NODE_EXTRA_CA_CERTS on the runner$/,
    );
    expect(proxy.asked).toEqual([{ target: 'github.test:443', authorization: undefined }]);
  });

  test('that refuses is named, without its password', async () => {
    const server = createServer().on('connect', (_, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const port = await listen(server);
    expect(await failureOf(read(gateOf({ HTTP_PROXY: `http://me:secret@127.0.0.1:${port}` })))).toBe(
      `unreachable: GitHub at http://github.test: proxy http://127.0.0.1:${port}: it answered HTTP/1.1 407 Proxy Authentication Required to CONNECT github.test:80; check the proxy settings`,
    );
  });

  test.each([
    ['http://127.0.0.1:1', 'proxy http://127.0.0.1:1: connection refused; check the network of this runner'],
    [
      'socks5://127.0.0.1:1',
      'proxy socks5://127.0.0.1:1: only http and https proxies can be used; check the proxy settings',
    ],
    ['http://[', 'proxy of the environment: only http and https proxies can be used; check the proxy settings'],
  ])('at %s', async (proxy, why) => {
    expect(await failureOf(read(gateOf({ HTTP_PROXY: proxy })))).toBe(
      `unreachable: GitHub at http://github.test: ${why}`,
    );
  });

  test('that hangs ends in time', async () => {
    const port = await listen(createTcpServer());
    expect(await failureOf(read(gateOf({ HTTP_PROXY: `http://127.0.0.1:${port}` }, undefined, 50)))).toMatch(
      /^unreachable: GitHub at http:\/\/github\.test: no answer within 0\.05 s/,
    );
  });
});
