import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Metrics that a test sets, for Prometheus to fetch. */
export interface Exporter {
  /** `127.0.0.1:<port>` */
  readonly target: string;
  /** Sets a gauge, `shop_error_ratio` or `shop_error_ratio{pod="a"}`; without a value it is taken away. */
  readonly set: (series: string, value?: number) => void;
  /** How often the metrics were fetched. */
  readonly scrapes: () => number;
  readonly stop: () => Promise<void>;
}

/** Serves metrics in Prometheus' text format on a free port of 127.0.0.1. */
export async function startExporter(): Promise<Exporter> {
  const gauges = new Map<string, number>();
  let scrapes = 0;
  const server = createServer((_request, response) => {
    scrapes += 1;
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end([...gauges].map(([series, value]) => `${series} ${value}\n`).join(''));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(series, value) {
      if (value === undefined) gauges.delete(series);
      else gauges.set(series, value);
    },
    scrapes: () => scrapes,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
