import { describe, expect, test } from '@jest/globals';
import { type ContainerAt, failedAt, judgeAll, type MomentOf, policyOf, ready, starting, waiting } from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

const REFUSALS: readonly (readonly [string, string])[] = [
  ['registry/web:9: not found', 'is not there: not found'],
  [
    'rpc error: code = NotFound desc = failed to resolve reference "registry/web:9": registry/web:9: not found',
    'is not there: not found',
  ],
  [
    'Head "https://timeout/v2/web/manifests/9": not found',
    'is not there: Head "https://timeout/v2/web/manifests/9": not found',
  ],
  ['manifest unknown: manifest unknown', 'is not there: manifest unknown: manifest unknown'],
  ['no match for platform in manifest: not found', 'is not there: no match for platform in manifest: not found'],
  [
    'pull access denied, repository does not exist or may require authorization',
    'may not be pulled: pull access denied, repository does not exist or may require authorization',
  ],
  [
    'unexpected status from HEAD request: 403 Forbidden',
    'may not be pulled: unexpected status from HEAD request: 403 Forbidden',
  ],
  [
    'failed to fetch anonymous token: unexpected status: 401 Unauthorized',
    'may not be pulled: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
  ],
];

const PASSING: readonly string[] = [
  'dial tcp 10.0.0.1:443: i/o timeout',
  'dial tcp: lookup registry: no such host',
  'dial tcp 10.0.0.1:443: connect: connection refused',
  'read: connection reset by peer',
  'dial udp 10.0.0.1:53: connect: network is unreachable',
  'unexpected status from HEAD request: 503 Service Unavailable',
  'unexpected status code: 500 Internal Server Error, not found',
  '429 Too Many Requests - Server message: toomanyrequests: access denied until later',
  'net/http: TLS handshake timeout',
  'x509: certificate signed by unknown authority',
  'context deadline exceeded',
  'unexpected EOF',
  'write /var/lib/containerd/blob: no space left on device',
  '',
];

const pulling = (message: string): ContainerAt => waiting('ErrImagePull', message);
/** As the kubelet says it since 1.32; before, it does not repeat the error. */
const backingOff = (message: string): ContainerAt =>
  waiting('ImagePullBackOff', `Back-off pulling image "registry/web:9"${message && `: ErrImagePull: ${message}`}`);

/** One pod whose container is so, at each of the seconds. */
function app(...lives: readonly (readonly [number, ContainerAt])[]): readonly MomentOf[] {
  return lives.map(([at, life]) => ({ at, pods: [{ app: life }] }));
}

describe('an image that is refused', () => {
  test.each(REFUSALS)('%s', (error, words) => {
    const moments = app([0, pulling(error)], [9.999, pulling(error)], [10, pulling(error)]);
    expect(failedAt(balanced, moments)).toBe(10);
    expect(failedAt(strict, moments)).toBe(0);
    const message = `image registry/web:9 ${words}`;
    expect(judgeAll(strict, moments)[0]?.cause).toMatchObject({ code: 'image-not-found', message, container: 'app' });
  });

  const NOT_FOUND = 'registry/web:9: not found';
  test.each<readonly [string, readonly MomentOf[], number | undefined]>([
    [
      'is judged at once at its second refusal',
      app([0, pulling(NOT_FOUND)], [1, backingOff('')], [2, pulling(NOT_FOUND)]),
      2,
    ],
    [
      'is one refusal however often it is seen',
      app([0, pulling(NOT_FOUND)], [1, backingOff(NOT_FOUND)], [2, backingOff('')]),
      undefined,
    ],
    ['is certain too when only the back-off is seen', app([0, backingOff(NOT_FOUND)], [10, backingOff(NOT_FOUND)]), 10],
    [
      'is remembered by a kubelet that does not repeat it',
      app([0, pulling(NOT_FOUND)], [5, backingOff('')], [10, backingOff('')]),
      10,
    ],
    [
      'counts from when it was refused, not from when the registry was away',
      app([0, pulling('i/o timeout')], [5, pulling(NOT_FOUND)], [14, backingOff(NOT_FOUND)]),
      undefined,
    ],
    [
      'begins anew after it came',
      app([0, pulling(NOT_FOUND)], [8, starting], [9, pulling(NOT_FOUND)], [12, backingOff('')]),
      undefined,
    ],
    ['is forgotten when it comes', app([0, pulling(NOT_FOUND)], [8, starting], [9, ready], [20, ready]), undefined],
  ])('%s', (_, moments, second) => {
    expect(failedAt(balanced, moments)).toBe(second);
  });

  test('is certain on two pods', () => {
    const pods = [{ app: pulling(NOT_FOUND) }, { name: 'web-b', app: pulling(NOT_FOUND) }];
    const [judged] = judgeAll(balanced, [{ at: 0, replicas: 2, pods }]);
    expect(judged?.cause?.message).toBe('image registry/web:9 is not there: not found (on 2 pods)');
    expect(judged?.cause?.pods).toEqual(['web-a', 'web-b']);
  });
});

describe('a registry that is away', () => {
  test.each(PASSING)('%s', (error) => {
    const moments = app([0, pulling(error)], [12, backingOff(error)], [27, pulling(error)], [300, backingOff(error)]);
    expect(failedAt(balanced, moments)).toBeUndefined();
    expect(failedAt(strict, moments)).toBeUndefined();
    expect(judgeAll(balanced, moments)[0]?.warnings[0]).toMatch(/^image registry\/web:9 cannot be pulled/);
  });

  test('an image whose name speaks of time-outs is refused all the same', () => {
    const error = 'failed to resolve reference "registry/timeout:500": registry/timeout:500: not found';
    const pods = [{ image: 'registry/timeout:500', app: pulling(error) }];
    expect(judgeAll(strict, [{ at: 0, pods }])[0]?.cause?.code).toBe('image-not-found');
  });

  test('an image whose name speaks of denials is waited for all the same', () => {
    const pods = [{ image: 'registry/denied:1', app: pulling('dial tcp registry/denied:1: i/o timeout') }];
    const [judged] = judgeAll(strict, [{ at: 0, pods }]);
    expect(judged?.cause).toBeUndefined();
    expect(judged?.warnings[0]).toMatch(/^image registry\/denied:1 cannot be pulled/);
  });
});

test.each([
  ['InvalidImageName', 'image-invalid', 'image name registry/web:9 is not valid'],
  ['ErrImageNeverPull', 'image-not-found', 'image registry/web:9 is not on the node, and may never be pulled'],
  ['SignatureValidationFailed', 'image-not-pulled', 'signature of image registry/web:9 is refused: no signature'],
])('%s fails at once', (reason, code, message) => {
  const moments = app([0, waiting(reason, 'no signature')]);
  for (const policy of [balanced, strict])
    expect(judgeAll(policy, moments)[0]?.cause).toMatchObject({ code, message, pods: ['web-a'], suspectNode: '' });
  expect(failedAt(policyOf('off'), moments)).toBeUndefined();
});
