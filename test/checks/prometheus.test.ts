import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, closedPort, type HttpServer, startHttpServer } from './http-server.ts';
import { lookOf } from './sample.ts';

let server: HttpServer;
let answer: Answer;

beforeEach(async () => {
  server = await startHttpServer((received, response) => answer(received, response));
});
afterEach(() => server.close());

function answering(status: number, body: unknown): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_received, response) => response.writeHead(status).end(text);
}

function vector(...values: readonly (string | readonly [pod: string, value: string])[]) {
  const result = values.map((each) => {
    const [pod, value] = typeof each === 'string' ? ['a', each] : each;
    return { metric: { __name__: 'up', pod }, value: [1_763_000_000.1, value] };
  });
  return { status: 'success', data: { resultType: 'vector', result } };
}

function scalar(value: string) {
  return { status: 'success', data: { resultType: 'scalar', result: [1_763_000_000.1, value] } };
}

function look(limits: object) {
  return lookOf({ prometheus: { url: server.url, query: 'sum(x) > 0 & +', ...limits } });
}

test.each([
  ['', '', '/api/v1/query'],
  ['/', '', '/api/v1/query'],
  ['/select/0/prometheus', '', '/select/0/prometheus/api/v1/query'],
  ['/prometheus/', '', '/prometheus/api/v1/query'],
  ['/api/v1/query', '', '/api/v1/query'],
  ['/api/v1/query/', '', '/api/v1/query'],
  ['', '?tenant=shop', '/api/v1/query?tenant=shop'],
])('below %j%s its query API is asked', async (path, search, asked) => {
  answer = answering(200, scalar('1'));
  const headers = { Authorization: 'Bearer s3cr3t' };
  await lookOf({
    prometheus: { url: `${server.url}${path}${search}`, query: 'a{b="c d"} + 1 > 0 & ü', above: 0, headers },
  });
  expect(server.received[0]).toMatchObject({ method: 'POST', url: asked });
  expect(server.received[0]?.headers).toMatchObject({
    authorization: 'Bearer s3cr3t',
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(new URLSearchParams(server.received[0]?.body).get('query')).toBe('a{b="c d"} + 1 > 0 & ü');
});

test.each<readonly [object, object, string, string]>([
  [vector('0.004'), { below: 0.01 }, 'pass', '0.004 is below 0.01'],
  [vector('0.01'), { below: 0.01 }, 'fail', '0.01 is not below 0.01'],
  [vector('0.5'), { below: 0.01 }, 'fail', '0.5 is not below 0.01'],
  [scalar('1e+06'), { below: 1 }, 'fail', '1000000 is not below 1'],
  [scalar('2'), { above: 1 }, 'pass', '2 is above 1'],
  [scalar('1'), { above: 1 }, 'fail', '1 is not above 1'],
  [scalar('0'), { above: -1, below: 1 }, 'pass', '0 is above -1 and below 1'],
  [scalar('-1'), { above: -1, below: 1 }, 'fail', '-1 is not above -1'],
  [scalar('+Inf'), { below: 1 }, 'fail', 'Infinity is not below 1'],
  [scalar('-Inf'), { below: 1 }, 'pass', '-Infinity is below 1'],
  [scalar('NaN'), { below: 1 }, 'inconclusive', 'no data: the value is NaN'],
  [vector(), { below: 1 }, 'inconclusive', 'no data: the query has no result'],
  [vector(['a', '0'], ['b', '0.5']), { below: 1 }, 'pass', '2 series from 0 to 0.5 are below 1'],
  [
    ...[vector(['a', '0'], ['b', '5']), { below: 1 }, 'fail'],
    '5 is not below 1 ({__name__="up", pod="b"}, one of 2 series)',
  ] as unknown as [object, object, string, string],
  [
    ...[vector(['a', '0'], ['b', 'NaN']), { below: 1 }, 'inconclusive'],
    'no data: the value is NaN ({__name__="up", pod="b"}, one of 2 series)',
  ] as unknown as [object, object, string, string],
  [
    ...[vector(['a', 'NaN'], ['b', '5']), { below: 1 }, 'fail'],
    '5 is not below 1 ({__name__="up", pod="b"}, one of 2 series)',
  ] as unknown as [object, object, string, string],
])('%j for %j: %s', async (body, limits, state, message) => {
  answer = answering(200, body);
  expect(await look(limits)).toEqual({ state, message });
});

describe('errors', () => {
  const bad = { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:5: parse error' };
  const matrix = { status: 'success', data: { resultType: 'matrix', result: [] } };
  const histogram = {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, { count: '1' }] }] },
  };
  const notPrometheus = 'the answer is not that of Prometheus; check the url';

  test.each<readonly [number, unknown, string]>([
    [400, bad, 'Prometheus answers bad_data: invalid parameter "query": 1:5: parse error; correct the query'],
    [
      422,
      { ...bad, errorType: 'execution', error: 'many-to-many' },
      'Prometheus answers execution: many-to-many; correct the query',
    ],
    [
      503,
      { ...bad, errorType: 'timeout', error: 'query timed out' },
      'Prometheus answers timeout: query timed out; try again later',
    ],
    [401, 'no', "Prometheus answers 401; check the check's headers, it wants other credentials"],
    [403, 'no', "Prometheus answers 403; check the check's headers, it wants other credentials"],
    [404, '<html>', 'it answers 404; check that the url is that of a Prometheus'],
    [302, '', 'it answers 302; check that the url is that of a Prometheus'],
    [200, '<html>', notPrometheus],
    [200, '', notPrometheus],
    [200, '[]', notPrometheus],
    [200, '{"status":"success"}', notPrometheus],
    [200, '{"status":"success","data":[]}', notPrometheus],
    [200, matrix, 'the query gives a matrix; it must give an instant vector or a scalar'],
    [
      200,
      { status: 'success', data: { resultType: 'string', result: [1, 'x'] } },
      'the query gives a string; it must give an instant vector or a scalar',
    ],
    [200, histogram, 'the query gives histograms; take a quantile or a count of them'],
    [
      200,
      { status: 'success', data: { resultType: 'scalar', result: 'x' } },
      'the query gives histograms; take a quantile or a count of them',
    ],
    [200, `{"status":"success","data":{"resultType":"vector","result":["${'x'.repeat(2_000_000)}"]}}`, notPrometheus],
  ])('%i %j', async (status, body, message) => {
    answer = answering(status, body);
    expect(await look({ below: 1 })).toEqual({ state: 'error', message });
  });

  test('what the server says is cut, and in one line', async () => {
    answer = answering(400, { ...bad, error: `a\r\nb\u001b[31m::error::${'x'.repeat(5_000)}` });
    const { message } = await look({ below: 1 });
    expect(message).toMatch(/^Prometheus answers bad_data: a b::error::x+…$/);
    expect(message.length).toBeLessThanOrEqual(300);
  });

  test('no server, silence and cut answers say nothing about the release', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await lookOf({ prometheus: { url, query: 'up', below: 1 } })).toEqual({
      state: 'error',
      message: 'Prometheus: refuses the connection',
    });
    answer = () => undefined;
    const silent = { prometheus: { url: server.url, query: 'up', below: 1 }, timeout: '100ms' };
    expect(await lookOf(silent)).toEqual({ state: 'error', message: 'Prometheus does not answer within 0.1 s' });
    answer = (_received, response) => response.destroy();
    expect(await look({ below: 1 })).toEqual({ state: 'error', message: 'Prometheus: cuts the connection' });
  });
});
