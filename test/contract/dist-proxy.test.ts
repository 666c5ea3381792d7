import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

// The bundle loads the way through a proxy, and what unpacks answers, apart: src/ cannot show that they are there.
let folder: string;
const closing: (() => void)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-proxy-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await rm(folder, { recursive: true });
});

test('gate/ asks an Enterprise Server with a CA of its own, through a proxy', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'github.test' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'github.test' }] }],
  });
  const asked: IncomingMessage[] = [];
  const github = createSecureServer({ key, cert }, (request, response) => {
    asked.push(request);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync('[]'));
  });
  const tunnels: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    const onward = connect(portOf(github), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  for (const server of [github, proxy]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(() => [server.closeAllConnections(), server.close()]);
  }
  await writeFile(join(folder, 'ca.crt'), cert);
  await writeFile(join(folder, 'output'), '');

  const child = spawn(process.execPath, ['dist/gate.js'], {
    env: {
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt'),
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
      NO_PROXY: 'example.test',
      GITHUB_API_URL: 'https://github.test/api/v3',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_OUTPUT: join(folder, 'output'),
      INPUT_RELEASE: '1.1',
      INPUT_ENVIRONMENT: 'production',
      'INPUT_GITHUB-TOKEN': 'ghs_0123456789abcdef',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect({ status, errors, output }).toMatchObject({ status: 0, errors: '' });
  expect(output.match(/ghs_\w+/g)).toEqual(['ghs_0123456789abcdef']);
  expect(output).toMatch(/^::add-mask::ghs_0123456789abcdef\n/);
  expect(await readFile(join(folder, 'output'), 'utf8')).toMatch(/^allowed<<.*\ntrue$/m);
  expect(new Set(tunnels)).toEqual(new Set(['github.test:443']));
  expect(asked.map(({ headers }) => headers)).toMatchObject(
    Array(2).fill({
      host: 'github.test',
      'user-agent': expect.stringMatching(/^rollkey\/\d/),
      'x-github-api-version': '2022-11-28',
    }),
  );
  expect(asked[0]?.url).toMatch(/^\/api\/v3\/repos\/octo\/shop\/deployments\?/);
});

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}
