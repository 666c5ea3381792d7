import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '../sandbox/github/routes.ts';
import { pruneDescription } from './openapi/prune.ts';

// Writes what the fake GitHub validates against: the official description, less all that it does not serve. The package
// is 600 MB unpacked, so it is fetched here and is no dependency.
const PACKAGE = '@octokit/openapi@23.0.2';
const DESCRIPTION = 'package/generated/api.github.com.json';
const root = join(import.meta.dirname, '..');
const target = join(root, 'sandbox', 'github', 'openapi.json');

const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
try {
  const packed = execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], { encoding: 'utf8' });
  execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', folder, DESCRIPTION]);
  const description = JSON.parse(await readFile(join(folder, DESCRIPTION), 'utf8'));
  const pruned = pruneDescription(description, operations);
  const info = { title: 'The part of the GitHub REST API that the fake serves', version: PACKAGE };
  await writeFile(target, JSON.stringify({ openapi: pruned['openapi'], info, ...pruned }, undefined, 2));
  execFileSync(join(root, 'node_modules', '.bin', 'biome'), ['format', '--write', target], { cwd: root });
} finally {
  await rm(folder, { recursive: true });
}
