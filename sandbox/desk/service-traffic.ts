import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAccess, createApiClient } from './api-client.ts';

/** What came of requests that were sent to a Service while something went on. */
export interface Traffic {
  readonly sent: number;
  /** How many got no answer, or one that is not 200, and what they got. */
  readonly lost: readonly string[];
  /** How many each release served, by what it answers. */
  readonly served: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch at which each release answered first and last. */
  readonly spans: Readonly<Record<string, { readonly first: number; readonly last: number }>>;
}

export interface TrafficSending {
  /** Sends no more, and waits for what is on its way. */
  readonly stop: () => Promise<Traffic>;
}

/**
 * Sends requests to a Service at an even pace, however long each takes, by the path on which the API server's proxy picks
 * one of the Service's endpoints.
 */
export function sendTraffic(access: ApiAccess, namespace: string, service: string, perSecond: number): TrafficSending {
  const api = createApiClient(access);
  const path = `/api/v1/namespaces/${namespace}/services/${service}:80/proxy/`;
  const lost: string[] = [];
  const served: Record<string, number> = {};
  const spans: Record<string, { first: number; last: number }> = {};
  const pending = new Set<Promise<void>>();
  let [sent, sending] = [0, true];
  const ask = async () => {
    try {
      const { status, text } = await api.send({ path });
      const now = Date.now();
      if (status !== 200) return void lost.push(`${status} ${text.slice(0, 120)}`);
      served[text] = (served[text] ?? 0) + 1;
      spans[text] = { first: spans[text]?.first ?? now, last: now };
    } catch (error) {
      lost.push(String(error));
    }
  };
  const pace = (async () => {
    const begin = performance.now();
    while (sending) {
      sent += 1;
      const asking = ask();
      pending.add(asking);
      void asking.finally(() => pending.delete(asking));
      await pause(Math.max(0, begin + (sent * 1000) / perSecond - performance.now()));
    }
  })();
  return {
    stop: async () => {
      sending = false;
      await pace;
      await Promise.all(pending);
      api.close();
      return { sent, lost, served, spans };
    },
  };
}
