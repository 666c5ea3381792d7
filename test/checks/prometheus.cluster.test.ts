import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Prometheus, startPrometheus } from '../../sandbox/bed/prometheus.ts';
import { type Exporter, startExporter } from '../../sandbox/bed/prometheus-exporter.ts';
import type { CheckAnswer } from '../../src/ports.ts';
import { closedPort } from './http-server.ts';
import { lookOf } from './sample.ts';

let exporter: Exporter;
let prometheus: Prometheus;

beforeAll(async () => {
  exporter = await startExporter();
  prometheus = await startPrometheus([exporter.target]);
}, 300_000);
afterAll(async () => {
  await prometheus?.stop();
  await exporter?.stop();
});

/** Sets the series, and waits until Prometheus has fetched that. */
async function given(series: Readonly<Record<string, number | undefined>>): Promise<void> {
  for (const [name, value] of Object.entries(series)) exporter.set(name, value);
  const since = exporter.scrapes();
  while (exporter.scrapes() < since + 3) await new Promise((resolve) => setTimeout(resolve, 50));
}

function look(query: string, limits: object = { below: 0.01 }, url = prometheus.url): Promise<CheckAnswer> {
  return lookOf({ prometheus: { url, query, ...limits }, timeout: '10s' });
}

test('a release within its limits passes, one beyond them fails', async () => {
  await given({ shop_error_ratio: 0.004 });
  expect(await look('shop_error_ratio')).toEqual({ state: 'pass', message: '0.004 is below 0.01' });
  await given({ shop_error_ratio: 0.5 });
  expect(await look('shop_error_ratio')).toEqual({ state: 'fail', message: '0.5 is not below 0.01' });
  await given({ shop_error_ratio: 0.004 });
  expect(await look('max_over_time(shop_error_ratio[1m])')).toEqual({
    state: 'inconclusive',
    message: '0.5 is not below 0.01 from the first look on, perhaps since before this release',
  });
  expect(await look('scalar(shop_error_ratio)')).toMatchObject({ state: 'pass' });
  expect(await look('shop_error_ratio', { above: 0.001, below: 0.01 })).toMatchObject({ state: 'pass' });
});

test('every series must lie within the limits', async () => {
  await given({ 'shop_latency{pod="a"}': 0.1, 'shop_latency{pod="b"}': 3 });
  const { state, message } = await look('shop_latency', { below: 1 });
  expect(state).toBe('fail');
  expect(message).toMatch(/^3 is not below 1 \(\{.*pod="b".*\}, one of 2 series\)$/);
});

test('no data decides nothing', async () => {
  expect(await look('shop_unheard_of')).toEqual({
    state: 'inconclusive',
    message: 'no data: the query has no result',
  });
  await given({ shop_requests: 0, shop_errors: 0 });
  expect(await look('shop_errors / shop_requests')).toMatchObject({ state: 'inconclusive' });
  await given({ shop_gone: 1 });
  expect(await look('shop_gone', { below: 2 })).toMatchObject({ state: 'pass' });
  await given({ shop_gone: undefined });
  expect(await look('shop_gone', { below: 2 })).toMatchObject({ state: 'inconclusive' });
});

test.each([
  ['sum(', /^Prometheus answers bad_data: .*parse error.*; correct the query$/],
  ['shop_error_ratio[1m]', /^the query gives a matrix; it must give an instant vector or a scalar$/],
  ['"text"', /^the query gives a string; it must give an instant vector or a scalar$/],
  ['label_replace(shop_latency, "pod", "x", "pod", ".*")', /^Prometheus answers execution: .*; correct the query$/],
])('the query %s is an error', async (query, message) => {
  await given({ 'shop_latency{pod="a"}': 0.1, 'shop_latency{pod="b"}': 3 });
  expect(await look(query)).toEqual({ state: 'error', message: expect.stringMatching(message) });
});

test('another address is an error', async () => {
  const url = `${prometheus.url}/nowhere`;
  expect(await look('up', { below: 2 }, url)).toEqual({
    state: 'error',
    message: 'it answers 404; check that the url is that of a Prometheus',
  });
});

test('a server that is gone says nothing about the release', async () => {
  const gone = `http://127.0.0.1:${await closedPort()}`;
  const refused = { state: 'error', message: 'Prometheus: refuses the connection' };
  expect(await look('up', { below: 2 }, gone)).toEqual(refused);
  const other = await startPrometheus([]);
  expect(await look('vector(1)', { below: 2 }, other.url)).toMatchObject({ state: 'pass' });
  await other.stop();
  expect(await look('vector(1)', { below: 2 }, other.url)).toEqual(refused);
});
