import type { PrometheusSpec } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';
import { connectionFailure } from './connection-failure.ts';
import { exchange } from './exchange.ts';
import { createCheck } from './look.ts';
import { readSamples, type Sample } from './prometheus-answer.ts';
import { secondsOf } from './seconds.ts';

/**
 * Puts an instant query to Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/). Every series
 * must lie within the limits; no series and NaN are no data, which says nothing about the release.
 */
export function createPrometheusCheck(
  spec: PrometheusSpec,
  environment: Readonly<Record<string, string | undefined>>,
): Check {
  const late: CheckAnswer = {
    state: 'error',
    message: `Prometheus does not answer within ${secondsOf(spec.timeoutMs)}`,
  };
  const url = queryUrl(spec.url);
  // Posted, because proxies cut long addresses.
  const body = new URLSearchParams({ query: spec.query }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...spec.headers };

  return createCheck(spec, { early: true, late: () => late }, async (signal) => {
    try {
      const { status, text } = await exchange({ method: 'POST', url, headers, body, signal }, environment);
      const read = readSamples(status, text);
      return 'problem' in read ? { state: 'error', message: read.problem } : judge(read.samples, spec);
    } catch (error) {
      return { state: 'error', message: `Prometheus: ${connectionFailure(error).message}` };
    }
  });
}

function judge(samples: readonly Sample[], { below, above }: PrometheusSpec): CheckAnswer {
  const beyond = samples.find(
    ({ value }) => (below !== undefined && value >= below) || (above !== undefined && value <= above),
  );
  if (beyond) {
    const limit = below !== undefined && beyond.value >= below ? `not below ${below}` : `not above ${above}`;
    return { state: 'fail', message: `${beyond.value} is ${limit}${ofSeries(beyond, samples)}` };
  }
  const empty = samples.find(({ value }) => Number.isNaN(value));
  if (empty) return { state: 'inconclusive', message: `no data: the value is NaN${ofSeries(empty, samples)}` };
  const values = samples.map(({ value }) => value);
  if (values.length === 0) return { state: 'inconclusive', message: 'no data: the query has no result' };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const shown = values.length === 1 ? `${least} is` : `${values.length} series from ${least} to ${most} are`;
  return { state: 'pass', message: `${shown} ${limits(below, above)}` };
}

function limits(below: number | undefined, above: number | undefined): string {
  return [above !== undefined && `above ${above}`, below !== undefined && `below ${below}`]
    .filter(Boolean)
    .join(' and ');
}

function ofSeries({ labels }: Sample, samples: readonly Sample[]): string {
  return samples.length > 1 ? ` (${labels}, one of ${samples.length} series)` : '';
}

/** The address of a server, or that of its query API. */
function queryUrl(text: string): URL {
  const url = new URL(text);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = base.endsWith('/api/v1/query') ? base : `${base}/api/v1/query`;
  return url;
}
