import { once } from 'node:events';
import type { Socket } from 'node:net';

const MAX_HEAD_BYTES = 16 * 1024;

/** A proxy that answers, but does not let us through. */
export class ProxyRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProxyRefusal';
  }
}

/**
 * Asks the proxy at the other end of `socket` to tunnel to `target` (`host:port`) with CONNECT (RFC 9110 §9.3.6).
 * Written by hand: importing node:http as an ES module loads undici, 15 ms on the way to the first request.
 */
export async function openTunnel(socket: Socket, proxy: URL, target: string, signal: AbortSignal): Promise<void> {
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization(proxy)}\r\n`);
  const head = await readHead(socket, signal);
  const status = /^HTTP\/1\.[01] (\d{3})[^\r\n]*/.exec(head);
  if (status?.[1] !== '200') throw new ProxyRefusal(`it answered ${status?.[0] ?? 'no HTTP'} to CONNECT ${target}`);
}

async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    if (head.length > MAX_HEAD_BYTES) throw new ProxyRefusal('its answer to CONNECT is too long');
    const chunk: Buffer | null = socket.read();
    if (chunk) head += chunk.toString('latin1');
    else if (socket.readableEnded || socket.destroyed) throw new ProxyRefusal('it closed the connection');
    else await once(socket, 'readable', { signal });
  }
  const end = head.indexOf('\r\n\r\n') + 4;
  if (end < head.length) socket.unshift(Buffer.from(head.slice(end), 'latin1'));
  return head;
}

function authorization({ username, password }: URL): string {
  if (username === '') return '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
}
