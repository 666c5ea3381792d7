import { join } from 'node:path';
import ncc from '@vercel/ncc';
import { transform } from 'esbuild';

export type Files = ReadonlyMap<string, string>;

/** Bundles a stage with ncc and minifies every file of it (ncc's own `minify` leaves chunks alone). */
export async function packStage(stage: string, entries: readonly string[]): Promise<Files> {
  // ncc names modules by their path from the working directory; chunk names follow.
  process.chdir(stage);
  const { code, assets } = await ncc(join(stage, 'index.js'), {
    cache: false,
    esm: true,
    filename: 'index.js',
    license: 'licenses.txt',
    quiet: true,
    target: 'es2022',
  });
  const files = new Map([['index.js', code]]);
  for (const [name, { source }] of Object.entries(assets)) files.set(name, source.toString());
  files.set('package.json', '{ "type": "module" }\n');
  for (const entry of entries) {
    files.set(`${entry}.js`, `import { load } from './index.js';\n\nawait load.${entry}();\n`);
  }
  for (const [name, source] of files) {
    if (name.endsWith('.js')) files.set(name, await minify(source));
  }
  return files;
}

async function minify(source: string): Promise<string> {
  const { code } = await transform(source, { format: 'esm', legalComments: 'none', minify: true, target: 'node24' });
  return code;
}
