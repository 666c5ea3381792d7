import { describe, expect, test } from '@jest/globals';
import { environmentProxy } from '../../src/proxy/environment-proxy.ts';

const proxy = 'http://proxy.test:3128';
const server = 'https://k8s.shop.test:6443';

describe('environmentProxy', () => {
  test.each([
    [{}, undefined],
    [{ HTTPS_PROXY: proxy }, proxy],
    [{ https_proxy: proxy }, proxy],
    [{ HTTPS_PROXY: proxy, https_proxy: 'http://other' }, proxy],
    [{ HTTPS_PROXY: '', https_proxy: proxy }, proxy],
    [{ HTTP_PROXY: proxy }, undefined],
    [{ HTTPS_PROXY: 'me:secret@proxy.test:3128' }, 'http://me:secret@proxy.test:3128'],
  ])('%j gives %s', (environment, expected) => {
    expect(environmentProxy(server, environment)).toBe(expected);
  });

  test('takes HTTP_PROXY for a server without TLS', () => {
    expect(environmentProxy('http://k8s.test', { HTTP_PROXY: proxy, HTTPS_PROXY: 'http://other' })).toBe(proxy);
  });

  test.each([
    ['*', server, true],
    ['k8s.shop.test', server, true],
    ['K8S.Shop.Test', server, true],
    ['shop.test', server, true],
    ['.shop.test', server, true],
    ['*.shop.test', server, true],
    ['.k8s.shop.test', server, false],
    ['op.test', server, false],
    ['other.test, k8s.shop.test ,', server, true],
    ['k8s.shop.test:6443', server, true],
    ['k8s.shop.test:443', server, false],
    ['k8s.shop.test:443', 'https://k8s.shop.test', true],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
    ['10.0.0.0/8', 'https://11.1.2.3:6443', false],
    ['10.0.0.0/99', 'https://10.1.2.3:6443', false],
    ['10.0.0.0/8', server, false],
    ['10.1.2.3', 'https://10.1.2.3:6443', true],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443', true],
    ['0.1.2.3', 'https://10.1.2.3:6443', false],
    ['fd00::1', 'https://[fd00::1]:6443', true],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', true],
    ['fd00::/8', 'https://[fd00::1]:6443', true],
    ['', server, false],
    ['', 'https://localhost:6443', true],
    ['', 'https://127.0.0.1:6443', true],
    ['', 'https://[::1]:6443', true],
  ])('NO_PROXY=%s for %s excepts it: %p', (exceptions, url, excepted) => {
    expect(environmentProxy(url, { HTTPS_PROXY: proxy, NO_PROXY: exceptions })).toBe(excepted ? undefined : proxy);
  });
});
