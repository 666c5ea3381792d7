import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Enclosure } from './enclosure.ts';
import { digest, webConfig, webLayer } from './images.ts';
import { registriesFolder } from './node.ts';
import { ensureProgram } from './packages.ts';
import { type Program, startProgram, waitFor } from './program.ts';
import type { Fault } from './web-commands.ts';

/** A registry of images (Debian's docker-registry) behind a door that can be shut. */
export interface Registry {
  /** Puts a release's web image into a repository; returns its reference. */
  readonly push: (repository: string, release: string, fault?: Fault) => Promise<string>;
  /** Answers the next pulls of a repository with 503. */
  readonly failPulls: (repository: string, times: number) => void;
}

/** What references to the bed's registry begin with. */
export const registryHost = 'registry.rollkey.test';

const port = 5000;
const mediaType = (of: string) => `application/vnd.oci.image.${of}.v1`;

/** Starts the registry when it is asked for, once. */
export function createLazyRegistry(enclosure: Enclosure, keep: (program: Program) => void) {
  let started: ReturnType<typeof startRegistry> | undefined;
  return {
    open: (): Promise<Registry> => {
      started ??= startRegistry(enclosure, keep);
      return started;
    },
    close: async (): Promise<void> => {
      // Whoever asked for it has heard why it did not start.
      const registry = await started?.catch(() => undefined);
      await registry?.close();
    },
  };
}

async function startRegistry(enclosure: Enclosure, keep: (program: Program) => void) {
  const { folder, address, machine } = enclosure;
  await ensureProgram('docker-registry');
  const config = join(folder, 'registry.json');
  const storage = { filesystem: { rootdirectory: join(folder, 'registry') } };
  writeFileSync(config, JSON.stringify({ version: '0.1', storage, http: { addr: `${address}:${port}` } }));
  const program = startProgram(enclosure, 'docker-registry', ['docker-registry', 'serve', config]);
  keep(program);
  const base = `http://${address}:${port}/v2/`;
  await waitFor('the start of the registry', 60_000, async () => (await fetch(base).catch(noAnswer)).ok, [program]);
  const failures = new Map<string, number>();
  const door = createServer((incoming, outgoing) => pass(incoming, outgoing, base, failures));
  await once(door.listen(0, machine), 'listening');
  const hosts = join(registriesFolder(enclosure), registryHost);
  mkdirSync(hosts);
  // Without the empty table, containerd 1.6 takes the file for a broken one.
  const server = `http://${machine}:${(door.address() as AddressInfo).port}`;
  writeFileSync(join(hosts, 'hosts.toml'), `server = "${server}"\n[host]\n`);
  return {
    push: (repository: string, release: string, fault?: Fault) => push(base, repository, release, fault),
    failPulls: (repository: string, times: number) => void failures.set(repository, times),
    close: async () => {
      door.closeAllConnections();
      door.close();
      await once(door, 'close');
    },
  };
}

function noAnswer() {
  return { ok: false };
}

/** Passes a node's request on, unless it asks for the manifest of a repository whose pulls shall fail. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, base: string, failures: Map<string, number>): void {
  const { url = '/', method } = incoming;
  const repository = /^\/v2\/(.+)\/manifests\//.exec(url)?.[1] ?? '';
  const left = failures.get(repository) ?? 0;
  if (left > 0) {
    failures.set(repository, left - 1);
    outgoing.writeHead(503).end();
    return;
  }
  const { host: _host, ...headers } = incoming.headers;
  const sent = request(new URL(url, base), { method: method ?? 'GET', headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  sent.once('error', (error) => outgoing.destroy(error));
  incoming.pipe(sent);
}

async function push(base: string, repository: string, release: string, fault?: Fault): Promise<string> {
  const layer = webLayer();
  // An image that was pulled once is no longer taken for preloaded, under whatever name (KubeletEnsureSecretPulledImages).
  const config = webConfig(layer, release, fault, { REPOSITORY: repository });
  const tag = fault === undefined ? release : `${release}-${fault}`;
  for (const blob of [layer, config]) await pushBlob(`${base}${repository}/blobs/uploads/`, blob);
  const part = (of: string, content: Buffer) => ({
    mediaType: of,
    digest: `sha256:${digest(content)}`,
    size: content.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: `${mediaType('manifest')}+json`,
    config: part(`${mediaType('config')}+json`, config),
    layers: [part(`${mediaType('layer')}.tar`, layer)],
  };
  await send('PUT', `${base}${repository}/manifests/${tag}`, manifest.mediaType, Buffer.from(JSON.stringify(manifest)));
  return `${registryHost}/${repository}:${tag}`;
}

/** In one piece (OCI distribution specification, pushing a blob monolithically). */
async function pushBlob(uploads: string, blob: Buffer): Promise<void> {
  const { headers } = await send('POST', uploads, 'application/octet-stream', Buffer.alloc(0));
  const location = new URL(headers.get('location') ?? '', uploads);
  location.searchParams.set('digest', `sha256:${digest(blob)}`);
  await send('PUT', location.href, 'application/octet-stream', blob);
}

async function send(method: string, url: string, type: string, content: Buffer): Promise<Response> {
  const answer = await fetch(url, { method, headers: { 'content-type': type }, body: new Uint8Array(content) });
  if (!answer.ok) throw new Error(`registry: ${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
