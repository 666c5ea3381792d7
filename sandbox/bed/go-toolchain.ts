import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { candidateVersion, installPackages } from './packages.ts';

/** Go fetches the toolchain that a go.mod asks for by itself since 1.21 (https://go.dev/doc/toolchain). */
const oldestUsable = [1, 21];

/** Finds, or installs from Debian, a Go that can build the module in a folder; returns the path of its command. */
export async function findGo(module: string): Promise<string> {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    if (isUsable(await versionOf(go))) return go;
  }
  if (isUsable(await candidateVersion('golang-go'))) {
    await installPackages(['golang-go']);
    if (isUsable(await versionOf('go'))) return 'go';
  }
  throw new Error(
    `the bed is built with Go ${wantedVersion(module)}, which was not found: install Go ${oldestUsable.join('.')} or newer ` +
      '(https://go.dev/dl/) and put it on PATH',
  );
}

async function versionOf(go: string): Promise<string> {
  if (go.startsWith('/') && !existsSync(go)) return '';
  return run(go, ['env', 'GOVERSION'], { cwd: '/', env: { ...process.env, GOTOOLCHAIN: 'local' } }).catch(() => '');
}

function isUsable(version: string): boolean {
  const [, major, minor] = /^(?:go|\d+:)?(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  const [oldestMajor = 0, oldestMinor = 0] = oldestUsable;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

function wantedVersion(module: string): string {
  return /^go (\S+)/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))?.[1] ?? '';
}
