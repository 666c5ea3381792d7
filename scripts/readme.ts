import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type ActionManifest, fillTables } from './readme/tables.ts';

// Writes the tables of the pages anew from every action.yml.
const root = join(import.meta.dirname, '..');
const paths = globSync(['action.yml', '*/action.yml'], { cwd: root, exclude: ['node_modules'] });
const manifests = await Promise.all(
  paths.map(async (path) => [path, load(await readFile(join(root, path), 'utf8')) as ActionManifest]),
);
for (const page of ['README.md', 'docs/reference.md']) {
  const path = join(root, page);
  await writeFile(path, fillTables(await readFile(path, 'utf8'), Object.fromEntries(manifests)));
}
