import { describe, expect, test } from '@jest/globals';
import { connectionFailure } from '../../src/github/connection-failure.ts';
import { ProxyFailure } from '../../src/github/proxied-agent.ts';

const WAITED = { apiUrl: 'https://api.github.com', seconds: 10, late: false };
const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('connectionFailure', () => {
  test.each<[Error, string, boolean]>([
    [coded('ECONNRESET'), 'the connection was cut', true],
    [coded('EAI_AGAIN'), 'DNS does not answer', true],
    [coded('ENOTFOUND'), 'the name is not known to DNS', false],
    [coded('EHOSTUNREACH'), 'no route to the host', false],
    [coded('EPROTO'), 'it does not speak TLS', false],
    [coded('HPE_INVALID_CONSTANT'), 'it does not speak HTTP', true],
    [
      coded('CERT_HAS_EXPIRED', 'certificate has expired'),
      'its certificate is not accepted (certificate has expired)',
      false,
    ],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname/IP does not match'), 'its certificate is not accepted', false],
    [new Error('odd\n\u001b[31mthing'), 'odd thing; check GITHUB_API_URL', false],
    [new ProxyFailure('http://p:3128', coded('ECONNREFUSED')), 'proxy http://p:3128: connection refused', true],
    [new ProxyFailure('http://p:3128', new Error('odd')), 'proxy http://p:3128: odd; check the proxy settings', false],
  ])('%s', (error, why, passes) => {
    const { error: explained, retryAfterMs } = connectionFailure(error, WAITED);
    expect(explained.kind).toBe('unreachable');
    expect(explained.message).toContain(`GitHub at https://api.github.com: ${why}`);
    expect(explained.message).not.toMatch(/\n/);
    expect(retryAfterMs).toBe(passes ? 0 : undefined);
  });

  test('a wait that ended says how long it was, whatever it ended with', () => {
    const { error, retryAfterMs } = connectionFailure(coded('ECONNRESET'), { ...WAITED, late: true });
    expect(error.message).toMatch(/^GitHub at https:\/\/api\.github\.com: no answer within 10 s; check/);
    expect(retryAfterMs).toBe(0);
  });
});
