import { describe, expect, test } from '@jest/globals';
import { connectionError, shown } from '../../src/cluster/connection-error.ts';

const coded = (code: string, message = '') => Object.assign(new Error(message), { code });
const server = 'https://user:secret@k8s.test:6443/base';

describe('connectionError', () => {
  test.each([
    ['the name is not known to DNS; check the server in the kubeconfig', coded('ENOTFOUND')],
    ['DNS does not answer; check the network of this runner', coded('EAI_AGAIN')],
    ['no route to the host; check that this runner can reach its network', coded('EHOSTUNREACH')],
    ['no answer within 10 s; check the address, firewalls and proxy settings', coded('ETIMEDOUT')],
    ['no answer within 10 s; check the address, firewalls and proxy settings', new DOMException('', 'TimeoutError')],
    [
      'the connection was reset; check what stands between this runner and the server',
      coded('ERR_HTTP2_STREAM_CANCEL'),
    ],
    ["the server's certificate has expired; renew it on the cluster", coded('CERT_HAS_EXPIRED')],
    ['something new; check the server in the kubeconfig', coded('ODD', 'something\nnew')],
    ['a text; check the server in the kubeconfig', 'a text'],
    ['null; check the server in the kubeconfig', null],
  ])('%s', (says, error) => {
    const { kind, message, cause } = connectionError(error, { server, peer: server, seconds: 10 });
    expect([kind, message, cause]).toEqual(['unreachable', `cluster https://k8s.test:6443/base: ${says}`, error]);
  });

  test('names the proxy where that is what failed', () => {
    const peer = 'http://me:secret@proxy.test:3128';
    expect(connectionError(coded('ECONNREFUSED'), { server, peer, seconds: 10 }).message).toBe(
      'cluster https://k8s.test:6443/base: proxy http://proxy.test:3128: connection refused; check that the server runs and the address is right',
    );
  });
});

test('a URL is shown without credentials and without an empty path', () => {
  expect([shown(server), shown('https://u:p@h:1/')]).toEqual(['https://k8s.test:6443/base', 'https://h:1']);
});
