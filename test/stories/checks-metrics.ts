import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPrometheus } from '../../sandbox/bed/prometheus.ts';
import { startExporter } from '../../sandbox/bed/prometheus-exporter.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';

/** A Prometheus with gauges that a story sets. */
export interface Metrics {
  readonly url: string;
  /** Without a value there is no such series any more. */
  readonly set: (series: string, value?: number) => void;
  readonly stop: () => Promise<void>;
}

/** Debian's Prometheus beside a real cluster; beside the embedded one what answers in its words. */
export function openMetrics({ kind }: TestCluster): Promise<Metrics> {
  return kind === 'embedded' ? openPlayedMetrics() : openRealMetrics();
}

/** Waits until Prometheus has it: a check that has no data for some looks stops its release. */
export async function isMeasured(url: string, query: string): Promise<void> {
  await eventually(`${query} in Prometheus`, async () => {
    const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query }) });
    return (await answer.text()).includes('"value"');
  });
}

/** Asks for the last value also while it is late: one scrape that is missed takes the series away. */
export function bridging(series: string): string {
  return `last_over_time(${series}[1m])`;
}

async function openRealMetrics(): Promise<Metrics> {
  const { target, set, stop: stopExporter } = await startExporter();
  const { url, stop } = await startPrometheus([target]);
  return {
    url,
    set,
    stop: async () => {
      await stop();
      await stopExporter();
    },
  };
}

async function openPlayedMetrics(): Promise<Metrics> {
  const gauges = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(Buffer.concat(await request.toArray()).toString()).get('query') ?? '';
    const value = gauges.get(/^last_over_time\((\w+)\[1m\]\)$/.exec(asked)?.[1] ?? asked);
    const now = Date.now() / 1000;
    const result = value === undefined ? [] : [{ metric: { __name__: asked }, value: [now, String(value)] }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (series, value) => {
      if (value === undefined) gauges.delete(series);
      else gauges.set(series, value);
    },
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
