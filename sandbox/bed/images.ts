import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ArchivedFile, archive } from './archive.ts';
import { allFaults, type Fault, webCommand } from './web-commands.ts';

/** Where the images of the bed claim to come from; they are on the node already and never pulled. */
const registry = 'rollkey.test';

/** What every pod's sandbox runs. */
export const pauseImage = `${registry}/pause:1`;

/** The reference of the web image that serves its release's name on port 8080, or that fails in one way. */
export function webImage(release: string, fault?: Fault): string {
  return `${registry}/web:${fault === undefined ? release : `${release}-${fault}`}`;
}

/** What an archive of images holds. */
export interface ArchiveContent {
  readonly releases: readonly string[];
  /** Faults whose images are left out. */
  readonly without?: readonly Fault[];
}

/** An archive as `docker save` writes it, with the pause image and every release's web images. */
export function imageArchive({ releases, without = [] }: ArchiveContent): Buffer {
  const layer = webLayer();
  const configs = new Map<string, Buffer>();
  configs.set(pauseImage, imageConfig(layer, ['/bin/sleep', '2147483647'], {}));
  const faults = allFaults.filter((fault) => !without.includes(fault));
  for (const release of releases) {
    for (const fault of [undefined, ...faults]) configs.set(webImage(release, fault), webConfig(layer, release, fault));
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

/** The only layer of every image: busybox. */
export function webLayer(): Buffer {
  return archive(busyboxFiles());
}

/** The configuration of a release's web image; more variables make it another image, whose containers do the same. */
export function webConfig(
  layer: Buffer,
  release: string,
  fault?: Fault,
  more: Readonly<Record<string, string>> = {},
): Buffer {
  return imageConfig(layer, webCommand(fault), { RELEASE: release, ...more });
}

function busyboxFiles(): readonly ArchivedFile[] {
  const busybox = { path: 'bin/busybox', content: readFileSync('/bin/busybox'), mode: 0o755 };
  const links = ['sh', 'httpd', 'sleep', 'dd', 'mkdir', 'rm'].map((name) => ({
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

/** SHA-256 in hexadecimal. */
export function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
