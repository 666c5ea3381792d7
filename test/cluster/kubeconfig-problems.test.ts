import { expect, test } from '@jest/globals';
import { base64, kubeconfig, load } from './kubeconfig-sample.ts';

test.each<[string, string, string | undefined, string]>([
  [
    'a wrong context',
    kubeconfig(),
    'prod',
    'context "prod" does not exist (has: dev, staging); set the input context to one of these',
  ],
  [
    'no current context',
    kubeconfig({ rest: { 'current-context': '' } }),
    undefined,
    'it has no current-context (has: dev, staging); set the input context',
  ],
  [
    'an unknown cluster',
    kubeconfig({ context: { cluster: 'c2' } }),
    undefined,
    'cluster "c2" of context "dev" does not exist (has: c1); correct the kubeconfig',
  ],
  [
    'an unknown user',
    kubeconfig({ context: { user: 'u2' } }),
    undefined,
    'user "u2" of context "dev" does not exist (has: u1); correct the kubeconfig',
  ],
  [
    'no server',
    kubeconfig({ cluster: { server: '' } }),
    undefined,
    'clusters[0].cluster.server is missing; check its content',
  ],
  [
    'a server that is no URL',
    kubeconfig({ cluster: { server: 'c1:6443' } }),
    undefined,
    'the server of cluster "c1" is no URL (c1:6443); give https://host:port',
  ],
  [
    'plain http',
    kubeconfig({ cluster: { server: 'http://c1' } }),
    undefined,
    'cluster "c1" would get credentials over plain http; use https, or allow it with insecure-skip-tls-verify: true',
  ],
  [
    'a SOCKS proxy',
    kubeconfig({ cluster: { 'proxy-url': 'socks5://localhost:1080' } }),
    undefined,
    'the proxy-url of cluster "c1" is no http or https URL; correct it',
  ],
  [
    'broken YAML',
    'a: 1\nusers: [{ token: secret-token\n',
    undefined,
    expect.stringMatching(/^not YAML \(.+ in line \d+\); check its content$/) as unknown as string,
  ],
  ['base64', base64(kubeconfig()), undefined, 'it is one piece of text; if it is base64, decode it first'],
  ['a list', '- a\n', undefined, 'it holds no clusters, users and contexts; check its content'],
])('%s is one problem that says what to do', async (_title, content, context, problem) => {
  const error: unknown = await load(content, context).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: 'InputError' });
  const { message } = error as Error;
  expect(message).toMatch(/^kubeconfig: [^\n]+$/);
  expect(message.slice('kubeconfig: '.length)).toEqual(problem);
  expect(message).not.toContain('secret-token');
});

test('a missing certificate file is named', async () => {
  const user = { 'client-certificate': '/no/such.crt' };
  await expect(load(kubeconfig({ user }))).rejects.toThrow(
    `kubeconfig: /no/such.crt, which user "u1" or its cluster names, cannot be read (ENOENT); provide the file`,
  );
});
