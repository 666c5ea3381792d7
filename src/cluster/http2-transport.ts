import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import type { Transport, WireRequest, WireResponse } from './connection.ts';
import { cutShort } from './connection-error.ts';

// What kube-apiserver grants by default since CVE-2023-44487; more requests than that open another connection.
const MAX_STREAMS = 100;
// The protocol's 64 KiB would make a long list wait for a round trip every 64 KiB.
const WINDOW_BYTES = 4 * 1024 * 1024;

/**
 * HTTP/2 over sockets from `open`, beginning with `first`: one session, until it is full or closed.
 * A server that leaves a ping unanswered for `pingInterval` milliseconds counts as gone.
 */
export function createHttp2Transport(
  base: URL,
  first: Socket,
  open: () => Promise<Socket>,
  pingInterval: number,
): Transport {
  const sessions: ClientHttp2Session[] = [];
  const streams = new WeakMap<ClientHttp2Session, number>();
  let opening: Promise<void> | undefined;

  function start(socket: Socket): void {
    const session = startSession(base, socket, pingInterval);
    session.once('close', () => sessions.splice(sessions.indexOf(session), 1));
    sessions.push(session);
  }

  function hasRoom(session: ClientHttp2Session): boolean {
    if (session.closed || session.destroyed) return false;
    const granted = session.remoteSettings?.maxConcurrentStreams ?? MAX_STREAMS;
    return (streams.get(session) ?? 0) < Math.max(1, Math.min(granted, MAX_STREAMS));
  }

  async function sessionWithRoom(signal: AbortSignal): Promise<ClientHttp2Session> {
    for (;;) {
      signal.throwIfAborted();
      const session = sessions.find(hasRoom);
      if (session) return session;
      opening ??= open()
        .then(start)
        .finally(() => {
          opening = undefined;
        });
      await opening;
    }
  }

  start(first);
  return {
    async send(request) {
      const session = await sessionWithRoom(request.signal);
      streams.set(session, (streams.get(session) ?? 0) + 1);
      return send(session, base, request, () => streams.set(session, (streams.get(session) ?? 1) - 1));
    },
    close() {
      for (const session of [...sessions]) session.destroy();
    },
  };
}

function startSession(base: URL, socket: Socket, pingInterval: number): ClientHttp2Session {
  const session = connect(base, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: WINDOW_BYTES },
  });
  session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
  // Its streams report what happened; without a listener the session's own error would end the process.
  session.on('error', () => undefined);
  const pings = keepPinging(session, pingInterval);
  session.once('close', () => clearInterval(pings));
  return session;
}

/** Ends a session whose peer is silent, as client-go does: a quiet watch looks the same as a dead one. */
function keepPinging(session: ClientHttp2Session, interval: number): NodeJS.Timeout {
  let waiting = false;
  return setInterval(() => {
    if (waiting) session.destroy(new Error('no answer to a ping'));
    else
      waiting =
        !session.destroyed &&
        session.ping(() => {
          waiting = false;
        });
  }, interval).unref();
}

function send(
  session: ClientHttp2Session,
  base: URL,
  { method, path, headers, body, signal }: WireRequest,
  done: () => void,
): Promise<WireResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<WireResponse>();
  const head = { ':method': method, ':path': path, ':authority': base.host, ...headers };
  const stream = session.request(head, { signal, endStream: body === undefined });
  stream
    .once('close', () => {
      done();
      reject(cutShort());
    })
    .once('response', (answer) => resolve({ status: answer[':status'] ?? 0, headers: answer, body: stream }))
    .on('error', reject)
    .end(body);
  return promise;
}
