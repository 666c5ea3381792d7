import { globSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { SLIM_PACKAGES, type SlimPackage } from './slim-packages.ts';

/**
 * Fills `stage` with what ncc is to bundle: the sources as JavaScript (TypeScript 7 has no compiler API that ncc could
 * use), the slim packages, and one module that loads each entry. Returns the entries' names.
 */
export async function stageSources(root: string, stage: string): Promise<readonly string[]> {
  const sources = filesOf(join(root, 'src'), '**/*.ts');
  await compile(sources, join(root, 'src'), join(stage, 'src'), (specifier) => specifier.replace(/\.ts$/, '.js'));
  for (const slim of SLIM_PACKAGES) await stagePackage(slim, root, stage);

  const entries = filesOf(join(root, 'src', 'entries'), '*.ts').map((file) => basename(file, '.ts'));
  const loaders = entries.map((entry) => `  ${JSON.stringify(entry)}: () => import('./src/entries/${entry}.js'),\n`);
  await writeFile(join(stage, 'index.js'), `export const load = {\n${loaders.join('')}};\n`);
  await writeFile(join(stage, 'package.json'), '{ "type": "module" }\n');
  return entries;
}

async function stagePackage(slim: SlimPackage, root: string, stage: string): Promise<void> {
  const from = join(root, 'node_modules', slim.name);
  const to = join(stage, 'node_modules', slim.name);
  const replaced = new Set<string>();
  await compile(filesOf(join(from, slim.folder), '*.js'), from, to, (specifier) => {
    const replacement = slim.replacements[specifier];
    if (replacement === undefined) return specifier;
    replaced.add(specifier);
    return `./${replacement}`;
  });
  const stale = Object.keys(slim.replacements).filter((specifier) => !replaced.has(specifier));
  if (stale.length > 0) throw new Error(`${slim.name} no longer imports ${stale.join(', ')}: revise slim-packages.ts`);

  for (const replacement of new Set(Object.values(slim.replacements))) {
    await copyFile(join(root, 'scripts/bundle/replacements', replacement), join(to, slim.folder, replacement));
  }
  for (const license of filesOf(from, 'LICENSE*')) await copyFile(license, join(to, basename(license)));
  // Without this flag ncc keeps every module of the package, used or not.
  const manifest = { ...JSON.parse(await readFile(join(from, 'package.json'), 'utf8')), sideEffects: false };
  await writeFile(join(to, 'package.json'), JSON.stringify(manifest));
}

async function compile(
  files: readonly string[],
  from: string,
  to: string,
  rewrite: (specifier: string) => string,
): Promise<void> {
  const rewriteImports: Plugin = {
    name: 'rewrite-imports',
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === 'entry-point' ? undefined : { path: rewrite(path), external: true },
      );
    },
  };
  await mkdir(to, { recursive: true });
  await build({
    entryPoints: [...files],
    outbase: from,
    outdir: to,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
    plugins: [rewriteImports],
  });
}

function filesOf(folder: string, pattern: string): readonly string[] {
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((file) => join(folder, file));
}
