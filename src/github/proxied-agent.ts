import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { openTunnel, ProxyRefusal } from '../proxy/tunnel.ts';

/** The way to GitHub ends at the proxy. */
export class ProxyFailure extends Error {
  /** Without the credentials that its URL may hold. */
  readonly proxy: string;

  constructor(proxy: string, cause: unknown) {
    super('the proxy fails', { cause });
    this.name = 'ProxyFailure';
    this.proxy = proxy;
  }
}

/** An agent whose sockets reach the server of `target` through a proxy within `timeout` milliseconds, and are kept. */
export function createProxiedAgent(proxy: string, target: string, timeout: number): Agent {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (_options, ready) => {
    open(proxy, new URL(target), AbortSignal.timeout(timeout)).then(
      (socket) => ready?.(null, socket),
      (error) => (ready as ((error: Error, stream?: Duplex) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return agent;
}

async function open(proxy: string, target: URL, limit: AbortSignal): Promise<Socket> {
  const tunnel = await openHop(proxy, target, limit);
  return target.protocol === 'https:' ? secure(target, limit, tunnel) : tunnel;
}

async function openHop(proxyUrl: string, target: URL, limit: AbortSignal): Promise<Socket> {
  const proxy = URL.parse(proxyUrl);
  const name = proxy ? `${proxy.protocol}//${proxy.host}` : 'of the environment';
  let hop: Socket | undefined;
  try {
    if (!proxy || !/^https?:$/.test(proxy.protocol)) throw new ProxyRefusal('only http and https proxies can be used');
    hop = proxy.protocol === 'https:' ? await secure(proxy, limit) : await plain(proxy, limit);
    await openTunnel(hop, proxy, `${target.hostname}:${portOf(target)}`, limit);
    return hop;
  } catch (error) {
    hop?.destroy();
    throw new ProxyFailure(name, error);
  }
}

function plain(url: URL, limit: AbortSignal): Promise<Socket> {
  return ready(connectTcp({ host: hostOf(url), port: portOf(url) }), 'connect', limit);
}

function secure(url: URL, limit: AbortSignal, socket?: Socket): Promise<Socket> {
  const host = hostOf(url);
  // Beside a socket, the host only says whom the certificate has to name.
  const about = { host, port: portOf(url), servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] };
  return ready(connectTls({ ...about, ...(socket && { socket }) }), 'secureConnect', limit);
}

async function ready(socket: Socket, event: string, limit: AbortSignal): Promise<Socket> {
  // Between two users nobody else listens, and an error must not end the process.
  socket.on('error', () => undefined);
  try {
    await once(socket, event, { signal: limit });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
