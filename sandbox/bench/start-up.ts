import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCertificate } from '../cluster/server/certificate.ts';
import { kubeconfigText } from '../desk/kubeconfig-text.ts';
import type { Bench } from './bench.ts';
import { secondsOf, start } from './process.ts';

/** Seconds, one of each in every round. */
export interface StartUps {
  /** `node -e 0` from start to end. */
  readonly bareNode: readonly number[];
  /** From the start of the process until its first request reached a server on this machine. */
  readonly action: readonly number[];
  readonly kubectl: readonly number[];
}

/** Starts bare Node, the action and kubectl by turns, the two against a server that only looks at the time. */
export async function measureStartUps({ home, tools }: Bench, rounds: number): Promise<StartUps> {
  const [action, kubectl] = tools;
  const server = await startStopwatch();
  const kubeconfig = join(home, 'stopwatch.kubeconfig');
  writeFileSync(kubeconfig, server.kubeconfig, { mode: 0o600 });
  const target = { deployments: ['web'], release: '1.0' };
  const bare = { file: process.execPath, argv: ['-e', '0'], env: {} };
  const seconds: { readonly [of in keyof StartUps]: number[] } = { bareNode: [], action: [], kubectl: [] };
  const untilRequest = async (command: Parameters<typeof start>[0]) => {
    const requested = server.nextRequest();
    const { child, startedAt, ended } = start(command);
    const first = await Promise.race([requested, ended]);
    child.kill('SIGKILL');
    await ended.catch(() => {});
    return (first - startedAt) / 1000;
  };
  for (let round = 0; round < rounds; round += 1) {
    seconds.bareNode.push(await secondsOf(bare));
    seconds.action.push(await untilRequest(action.rollback(kubeconfig, target)));
    seconds.kubectl.push(await untilRequest(kubectl.history(kubeconfig, 'web')));
  }
  server.close();
  return seconds;
}

/** An HTTPS server on a free port that notes when a request arrives and never answers. */
async function startStopwatch() {
  const { key, cert } = await createCertificate();
  let onRequest = (_at: number) => {};
  const server = createSecureServer({ key, cert, allowHTTP1: true }, () => onRequest(performance.now()));
  // Its clients are killed as soon as they have asked.
  server.on('sessionError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: kubeconfigText({ server: address, ca: cert, credentials: { token: 'stopwatch' } }, 'default'),
    nextRequest: () =>
      new Promise<number>((resolve, reject) => {
        onRequest = resolve;
        setTimeout(() => reject(new Error('no request within ten seconds of the start')), 10_000).unref();
      }),
    close: () => server.close(),
  };
}
