import { describe, expect, test } from '@jest/globals';
import { connectionError } from '../../src/cluster/connection-error.ts';
import { withRetries } from '../../src/cluster/retry.ts';
import { instantClock } from './instant-clock.ts';

type Step = number | Error | { readonly status: number; readonly after: string };

const coded = (code: string) => Object.assign(new Error(code), { code });
const explained = (code: string) =>
  connectionError(coded(code), { server: 'https://c', peer: 'https://c', seconds: 10 });
const timeOut = connectionError(new DOMException('', 'TimeoutError'), {
  server: 'https://c',
  peer: 'https://c',
  seconds: 10,
});

async function run(steps: readonly Step[], clock = instantClock(), signal?: AbortSignal) {
  const left = [...steps];
  const attempt = async () => {
    const step = left.shift() ?? 200;
    if (step instanceof Error) throw step;
    return typeof step === 'number'
      ? { status: step, headers: {} }
      : { status: step.status, headers: { 'retry-after': step.after } };
  };
  const end = await withRetries(attempt, clock, signal).then(
    ({ status }) => status,
    (error: Error) => error,
  );
  return { end, slept: clock.slept, left: left.length };
}

describe('withRetries', () => {
  test.each([
    ['a success', [200], 200, []],
    ['a 404', [404, 200], 404, []],
    ['409, which is the answer', [409, 200], 409, []],
    ['a 501', [501, 200], 501, []],
    ['5xx, which may pass', [500, 502, 503, 504, 200], 200, [200, 500, 1000, 2000]],
    ['5xx that stays', Array(9).fill(503), 503, [200, 500, 1000, 2000, 4000]],
    ['a connection that broke', [explained('ECONNRESET'), 201], 201, [200]],
    ['a refused connection', [coded('ECONNREFUSED'), 200], 200, [200]],
    ['a broken HTTP/2 stream', [coded('ERR_HTTP2_STREAM_ERROR'), 200], 200, [200]],
    ['Retry-After', [{ status: 429, after: '3' }, 200], 200, [3000]],
    ['Retry-After shorter than the pause', [429, 429, { status: 429, after: '1' }, 200], 200, [200, 500, 1000]],
    ['Retry-After as a date', [{ status: 503, after: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 200], 200, [200]],
    ['Retry-After longer than we wait', [{ status: 429, after: '31' }, 200], 429, []],
    ['Retry-After that adds up', Array(9).fill({ status: 429, after: '12' }), 429, [12000, 12000]],
  ] as const)('%s', async (_, steps, status, slept) => {
    expect(await run(steps as readonly Step[])).toMatchObject({ end: status, slept });
  });

  test.each([
    ['a time-out', timeOut],
    ['an unknown name', explained('ENOTFOUND')],
    ['a certificate that is not trusted', explained('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['a mistake of ours', new TypeError('x')],
  ])('throws %s at once', async (_, error) => {
    expect(await run([error, 200])).toEqual({ end: error, slept: [], left: 1 });
  });

  test('throws what breaks every time', async () => {
    const error = explained('ECONNREFUSED');
    expect(await run(Array(9).fill(error))).toMatchObject({ end: error, left: 3 });
  });

  test('stops when the signal aborts', async () => {
    expect(await run([503, 200], instantClock(), AbortSignal.abort())).toEqual({ end: 503, slept: [], left: 1 });
  });
});
