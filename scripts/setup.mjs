// Plain JavaScript for any Node from 20 on: it runs before anything is installed.
// Installs node_modules when it is missing or older than the lock file, then runs the given script with the project's own Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules', 'node', 'bin', 'node');

if (!isInstalled()) install();
const [script, ...scriptArguments] = process.argv.slice(2);
if (script !== undefined)
  process.exitCode = run(node, ['--disable-warning=ExperimentalWarning', script, ...scriptArguments]);

function isInstalled() {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined || !existsSync(node)) return false;
  delete wanted[''];
  const sameVersions = Object.entries(installed).every(([path, { version }]) => wanted[path]?.version === version);
  // npm leaves out optional packages that are for other platforms.
  const complete = Object.entries(wanted).every(([path, { optional }]) => optional || installed[path] !== undefined);
  return sameVersions && complete;
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function install() {
  console.log('Installing what package-lock.json names (npm ci)');
  const status = run('npm', ['ci', '--no-progress', '--loglevel=error']);
  if (status !== 0) process.exit(status);
  if (!existsSync(node)) {
    console.error(
      'node_modules/node has no binary: npm ran without install scripts; run `npm ci --ignore-scripts=false`.',
    );
    process.exit(1);
  }
}

function run(command, commandArguments) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const { status, signal, error } = spawnSync(command, commandArguments, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 128 + constants.signals[signal];
}
