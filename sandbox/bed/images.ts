import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ArchivedFile, archive } from './archive.ts';

/** Where the images of the bed claim to come from; they are on the node already and never pulled. */
const registry = 'rollkey.test';

/** What every pod's sandbox runs. */
export const pauseImage = `${registry}/pause:1`;

/** How an image differs from one that works: the suffix of its tag. */
export type Fault = 'crash' | 'unready' | 'noexec' | 'dies' | 'oom';

const serve = 'trap "exit 0" TERM; mkdir /www; echo -n "$RELEASE" >/www/index.html; httpd -f -p 8080 -h /www & wait';

const faults: Readonly<Record<Fault, readonly string[]>> = {
  /** Exits at start, with code 3. */
  crash: shell('echo "cannot start $RELEASE" >&2; exit 3'),
  /** Answers 404 to everything, so that a readiness probe of / never passes. */
  unready: shell('trap "exit 0" TERM; mkdir /www; httpd -f -p 8080 -h /www & wait'),
  /** Names a program that is not in the image. */
  noexec: ['/no/such/program'],
  /** Serves for ten seconds, then exits with code 1. */
  dies: shell(`trap "exit 0" TERM; (${serve}) & sleep 10 & wait $!; exit 1`),
  /** Fills 256 MiB; killed when the container's memory limit is lower, harmless otherwise. */
  oom: ['/bin/dd', 'if=/dev/zero', 'of=/dev/null', 'bs=256M', 'count=1'],
};

/** The reference of the web image that serves its release's name on port 8080, or that fails in one way. */
export function webImage(release: string, fault?: Fault): string {
  return `${registry}/web:${fault === undefined ? release : `${release}-${fault}`}`;
}

/** An archive as `docker save` writes it, with the pause image and every release's web images. */
export function imageArchive(releases: readonly string[]): Buffer {
  const layer = archive(busyboxFiles());
  const configs = new Map<string, Buffer>();
  configs.set(pauseImage, imageConfig(layer, ['/bin/sleep', '2147483647'], {}));
  for (const release of releases) {
    configs.set(webImage(release), imageConfig(layer, shell(serve), { RELEASE: release }));
    for (const fault of Object.keys(faults) as Fault[]) {
      configs.set(webImage(release, fault), imageConfig(layer, faults[fault], { RELEASE: release }));
    }
  }
  const manifest = [...configs].map(([reference, config]) => ({
    Config: `${digest(config)}.json`,
    RepoTags: [reference],
    Layers: ['layer.tar'],
  }));
  return archive([
    { path: 'layer.tar', content: layer },
    ...[...configs.values()].map((config) => ({ path: `${digest(config)}.json`, content: config })),
    { path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
}

function shell(script: string): readonly string[] {
  return ['/bin/sh', '-c', script];
}

function busyboxFiles(): readonly ArchivedFile[] {
  const busybox = { path: 'bin/busybox', content: readFileSync('/bin/busybox'), mode: 0o755 };
  const links = ['sh', 'httpd', 'sleep', 'dd', 'mkdir'].map((name) => ({
    path: `bin/${name}`,
    content: { link: 'busybox' },
  }));
  return [busybox, ...links];
}

function imageConfig(layer: Buffer, command: readonly string[], env: Readonly<Record<string, string>>): Buffer {
  const variables = Object.entries({ PATH: '/bin', ...env }).map(([name, value]) => `${name}=${value}`);
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Env: variables, Cmd: command, ExposedPorts: { '8080/tcp': {} } },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest(layer)}`] },
  };
  return Buffer.from(JSON.stringify(config));
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
