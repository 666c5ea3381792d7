import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { createCertificate } from '../cluster/server/certificate.ts';
import { type ApiIncoming, type ApiOutgoing, listen } from '../cluster/server/listener.ts';
import { type ApiAccess, connectOptions } from './api-client.ts';

/** A request on its way to the API server. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

/** What becomes of a request. `lose-answer`: it is carried out, but its connection breaks before the answer. */
export type Fate = 'pass' | 'cut' | 'lose-answer' | GivenAnswer;

/** An answer in the API server's place. */
export interface GivenAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Decides what becomes of a request, and holds it as long as it takes its time; connections are counted from 1. */
export type Decide = (passing: Passing, connection: number) => Fate | Promise<Fate>;

export interface Front {
  /** Whoever connects with this passes the front. */
  readonly access: ApiAccess;
  /** Breaks every connection on which a watch runs. */
  readonly cutWatches: () => void;
  /** Lets nothing that the API server says through for so many milliseconds; connections stay open. */
  readonly silence: (ms: number) => void;
  readonly close: () => Promise<void>;
}

/** Told of a request that was carried out, before the answer goes on. */
export type Answered = (passing: Passing) => void;

/** Stands between somebody and an API server, speaks HTTP/2 and HTTP/1.1 as one, and decides of every request. */
export async function openFront(access: ApiAccess, decide: Decide, answered: Answered = () => {}): Promise<Front> {
  const certificate = await createCertificate();
  const agent = new Agent({ keepAlive: true });
  const watches = new Set<ApiIncoming>();
  const timers = new Set<NodeJS.Timeout>();
  let silentUntil = 0;
  const whenSpoken = (action: () => void): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        action();
      },
      Math.max(0, silentUntil - Date.now()),
    );
    timers.add(timer);
  };

  const meet = async (incoming: ApiIncoming, outgoing: ApiOutgoing): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', access.server);
    const body = Buffer.concat(await incoming.toArray());
    const method = incoming.method ?? 'GET';
    const passing = { method, path: pathname, query: searchParams.toString(), body: body.toString() };
    const fate = await decide(passing, listener.connectionOf(incoming));
    if (fate === 'cut') return listener.cut(incoming);
    if (typeof fate === 'object') return give(outgoing, fate);
    if (isWatch(passing)) watches.add(incoming);
    pass(incoming, outgoing, body, () => {
      answered(passing);
      return fate !== 'lose-answer';
    });
  };

  const pass = (incoming: ApiIncoming, outgoing: ApiOutgoing, body: Buffer, goesOn: () => boolean): void => {
    let closed = false;
    const { headers: own, ...connection } = connectOptions(access);
    const headers = { ...(own as object), ...passed(incoming.headers) };
    const options = { ...connection, agent, method: incoming.method ?? 'GET', headers };
    const cut = () => {
      if (!closed) listener.cut(incoming);
    };
    const say = (action: () => void) =>
      whenSpoken(() => {
        if (!closed) action();
      });
    const sent = request(`${access.server}${incoming.url}`, options, (answer) => {
      if (!goesOn()) return cut();
      outgoing.statusCode = answer.statusCode ?? 502;
      for (const [name, value] of Object.entries(passed(answer.headers))) outgoing.setHeader(name, String(value));
      say(() => {
        // Headers of a watch must not wait for its first event.
        outgoing.flushHeaders();
        answer.on('data', (chunk: Buffer) => say(() => outgoing.write(chunk)));
        answer.once('end', () => say(() => outgoing.end()));
        answer.once('error', cut);
      });
    });
    sent.once('error', cut);
    outgoing.on('close', () => {
      closed = true;
      watches.delete(incoming);
      sent.destroy();
    });
    sent.end(body);
  };

  const listener = await listen(certificate, (incoming, outgoing) => {
    meet(incoming, outgoing).catch(() => listener.cut(incoming));
  });
  return {
    access: { ...access, server: listener.url, ca: certificate.cert },
    cutWatches: () => {
      // Several may run on one connection, which can be broken once.
      const carriers = new Map([...watches].map((watch) => [listener.connectionOf(watch), watch]));
      for (const watch of carriers.values()) listener.cut(watch);
      watches.clear();
    },
    silence: (ms) => {
      silentUntil = Math.max(silentUntil, Date.now() + ms);
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      agent.destroy();
      await listener.stop();
    },
  };
}

/** Whether a request is a watch. */
export function isWatch({ query }: Pick<Passing, 'query'>): boolean {
  return /(^|&)watch=(true|1)(&|$)/.test(query);
}

function give(outgoing: ApiOutgoing, { status, headers = {}, body }: GivenAnswer): void {
  outgoing.statusCode = status;
  for (const [name, value] of Object.entries({ 'content-type': 'application/json', ...headers }))
    outgoing.setHeader(name, value);
  outgoing.end(JSON.stringify(body));
}

/** What belongs to one connection is not passed on to the next (RFC 9110, section 7.6.1). */
const ownToConnection: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
]);

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && !ownToConnection.has(name)),
  );
}
