import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { openTunnel, ProxyRefusal } from '../proxy/tunnel.ts';
import type { Access } from './connection.ts';
import { connectionError } from './connection-error.ts';

// The kernel then notices a peer that is gone within half a minute, also while a watch is quiet.
const KEEP_ALIVE_MS = 15_000;

/**
 * Opens one socket to the API server, through the proxy if there is one, ready for requests in one of `protocols`.
 * Throws ClusterError `unreachable` after `timeout` milliseconds, saying who did not answer.
 */
export async function openSocket(
  access: Access,
  protocols: readonly string[],
  timeout: number,
  closing: AbortSignal,
): Promise<Socket> {
  const server = new URL(access.server);
  const limit = AbortSignal.any([closing, AbortSignal.timeout(timeout)]);
  const opened: Socket[] = [];
  let peer = access.proxy || server.href;

  const ready = async (socket: Socket, event: string): Promise<Socket> => {
    // Whoever uses it listens as well; between two users, an error must not end the process.
    opened.push(socket.on('error', () => undefined));
    await once(socket, event, { signal: limit });
    return socket;
  };
  const secure = (target: URL, tls: Access['tls'], raw?: Socket, offered?: readonly string[]): Promise<Socket> => {
    const host = hostname(target);
    return ready(
      connectTls({
        ...tls,
        // Beside a socket, the host only says whom the certificate has to name.
        host,
        port: port(target),
        ...(raw && { socket: raw }),
        ...(offered && { ALPNProtocols: [...offered] }),
        servername: tls.servername ?? (isIP(host) ? '' : host),
      }),
      'secureConnect',
    );
  };
  const plain = (target: URL) => ready(connectTcp({ host: hostname(target), port: port(target) }), 'connect');

  try {
    let socket: Socket | undefined;
    if (access.proxy) {
      const proxy = new URL(access.proxy);
      if (!/^https?:$/.test(proxy.protocol)) throw new ProxyRefusal('only http and https proxies can be used');
      const hop = proxy.protocol === 'https:' ? await secure(proxy, {}) : await plain(proxy);
      await openTunnel(hop, proxy, `${server.hostname}:${port(server)}`, limit);
      peer = server.href;
      socket = hop;
    }
    if (server.protocol === 'https:') socket = await secure(server, access.tls, socket, protocols);
    socket ??= await plain(server);
    socket.setNoDelay(true);
    (opened[0] ?? socket).setKeepAlive(true, KEEP_ALIVE_MS);
    return socket;
  } catch (error) {
    for (const socket of opened) socket.destroy();
    throw connectionError(error, { server: access.server, peer, seconds: timeout / 1000 });
  }
}

function hostname(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function port(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}
