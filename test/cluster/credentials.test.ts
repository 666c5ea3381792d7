import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kubeconfig, load } from './kubeconfig-sample.ts';

const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ';
const KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----\n`;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function plugin(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${body}`, { mode: 0o755 });
  return path;
}

describe('an exec plugin', () => {
  test('gives a token, masked before it is used, and runs once while that is valid', async () => {
    const runs = join(folder, 'runs');
    const command = await plugin(
      'token-plugin',
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
       const { apiVersion, spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
       console.log(JSON.stringify({ apiVersion, kind: 'ExecCredential', status: { token: 'exec-token-' + process.argv[2] + process.env.ROLE + spec.interactive } }));`,
    );
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      args: ['a'],
      env: [{ name: 'ROLE', value: 'b' }],
    };
    const context = await load(kubeconfig({ user: { exec } }));
    const headers = await Promise.all([context.authorize(), context.authorize()]);
    expect(headers[1]).toEqual({ Authorization: 'Bearer exec-token-abfalse' });
    expect(context.masked).toContain('exec-token-abfalse');
    expect((await stat(runs)).size).toBe(1);
  });

  test('renews an expired token, once for several requests, and masks the new one', async () => {
    const runs = join(folder, 'renewals');
    const command = await plugin(
      'renewing-plugin',
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
       const status = { token: 'renewed-token-' + fs.statSync(${JSON.stringify(runs)}).size, expirationTimestamp: '2020-01-01T00:00:00Z' };
       console.log(JSON.stringify({ kind: 'ExecCredential', status }));`,
    );
    const context = await load(kubeconfig({ user: { exec: { command } } }));
    const headers = await Promise.all([context.authorize(), context.authorize()]);
    expect(headers).toEqual(Array(2).fill({ Authorization: 'Bearer renewed-token-2' }));
    expect(context.masked).toEqual(expect.arrayContaining(['renewed-token-1', 'renewed-token-2']));
  });

  test('gives a client certificate', async () => {
    const status = { clientCertificateData: 'the certificate', clientKeyData: KEY };
    const command = await plugin('certificate-plugin', `console.log(${JSON.stringify(JSON.stringify({ status }))})`);
    const context = await load(kubeconfig({ user: { exec: { command } } }));
    expect(context.tls).toEqual({ cert: 'the certificate', key: KEY });
    expect(context.masked).toContain(KEY_LINE);
  });

  test.each([
    [
      'is missing',
      'no-such-plugin',
      'the exec plugin no-such-plugin of user "u1" is not on this runner; install it before this step',
    ],
    [
      'fails',
      'console.error("no\\nlogin"); process.exit(3)',
      /^kubeconfig: the exec plugin \S+ of user "u1" failed \(no login\); run it/,
    ],
    [
      'prints no JSON',
      'console.log("hello")',
      /^kubeconfig: the exec plugin \S+ of user "u1" failed \(.*JSON.*\); run it/,
    ],
    ['gives no status', 'console.log("{}")', /^kubeconfig: the exec plugin \S+ of user "u1" failed \(.+\); run it/],
  ])('that %s is named', async (title, body, message) => {
    const command = body.includes(' ') || body.includes('(') ? await plugin(title.replaceAll(' ', '-'), body) : body;
    await expect(load(kubeconfig({ user: { exec: { command } } }))).rejects.toMatchObject({
      name: 'ClusterError',
      kind: 'unauthorized',
      message: typeof message === 'string' ? `kubeconfig: ${message}` : expect.stringMatching(message),
    });
  });
});
