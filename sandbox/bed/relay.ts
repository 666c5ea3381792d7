import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the API server that counts what goes through it; it sees no more than encrypted bytes. */
export interface Relay {
  /** For a kubeconfig's `server`; the bed's certificate holds for it. */
  readonly server: string;
  /** How many connections were made so far. */
  readonly connections: () => number;
  /** Bytes so far, from the clients and to them. */
  readonly sent: () => number;
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** Listens on 127.0.0.1, on a port of the system's choice, and passes every connection on to an API server. */
export async function startRelay(server: string): Promise<Relay> {
  const { hostname, port } = new URL(server);
  const pairs: (readonly [client: Socket, target: Socket])[] = [];
  const listener = createServer((client) => {
    const target = connect(Number(port), hostname);
    pairs.push([client, target]);
    client.setNoDelay().pipe(target.setNoDelay()).pipe(client);
    client.on('error', () => target.destroy()).on('close', () => target.destroy());
    target.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  return {
    server: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    connections: () => pairs.length,
    sent: () => pairs.reduce((sum, [client]) => sum + client.bytesRead, 0),
    received: () => pairs.reduce((sum, [, target]) => sum + target.bytesRead, 0),
    close: async () => {
      for (const socket of pairs.flat()) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
