import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let project: string;
let bin: string;

const package1 = { 'node_modules/node': { version: '24.0.0' } };

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'rollkey-setup-'));
  bin = join(project, 'bin');
  await mkdir(join(project, 'scripts'));
  await mkdir(bin);
  await cp('scripts/setup.mjs', join(project, 'scripts', 'setup.mjs'));
  await writeFile(join(project, 'script.mjs'), 'console.log(process.argv[2], process.execPath); process.exit(7);');
  await lock(package1);
  // Stands for npm: `npm ci` writes the lock that npm keeps in node_modules, and the project's Node.
  await executable(
    join(bin, 'npm'),
    `echo "npm $*" >> "${project}/npm.log"
     [ -e "${project}/npm-fails" ] && exit 3
     mkdir -p node_modules/node/bin && ln -sf "${process.execPath}" node_modules/node/bin/node
     cp package-lock.json node_modules/.package-lock.json`,
  );
});
afterEach(() => rm(project, { recursive: true }));

async function executable(path: string, body: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

function lock(packages: object): Promise<void> {
  return writeFile(join(project, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

function setup(...setupArguments: string[]) {
  return spawnSync(process.execPath, [join(project, 'scripts', 'setup.mjs'), ...setupArguments], {
    encoding: 'utf8',
    env: { PATH: [bin, process.env['PATH']].join(delimiter) },
  });
}

async function installs(): Promise<number> {
  const log = await readFile(join(project, 'npm.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.startsWith('npm ci')).length;
}

test('installs on a fresh clone, then runs the script with the installed Node and its exit code', async () => {
  const { status, stdout } = setup('script.mjs', 'argument');
  expect(status).toBe(7);
  expect(stdout).toContain(`argument ${process.execPath}`);
  expect(await installs()).toBe(1);
});

test('installs once, and again when the lock file has moved on', async () => {
  setup();
  setup();
  expect(await installs()).toBe(1);
  await lock({ 'node_modules/node': { version: '24.0.1' } });
  setup();
  expect(await installs()).toBe(2);
  await lock({ ...package1, 'node_modules/added': { version: '1.0.0' } });
  setup();
  expect(await installs()).toBe(3);
});

test('does not install for an optional package of another platform', async () => {
  setup();
  await lock({ ...package1, 'node_modules/other-platform': { version: '1.0.0', optional: true } });
  setup();
  expect(await installs()).toBe(1);
});

test('stops when the installation fails', async () => {
  await writeFile(join(project, 'npm-fails'), '');
  const { status, stdout } = setup('script.mjs');
  expect(status).toBe(3);
  expect(stdout).not.toContain(process.execPath);
});
