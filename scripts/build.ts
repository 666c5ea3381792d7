import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Files, packStage } from './bundle/pack.ts';
import { stageSources } from './bundle/stage.ts';

// `build.ts` writes dist/; `--check` compares it with what the sources give now and writes nothing.
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
// ncc itself calls a deprecated form of fs.existsSync.
process.noDeprecation = true;

const files = await bundle();
if (values.check) await check(files);
else await write(files);

async function bundle(): Promise<Files> {
  // Beside node_modules, where imports resolve; inside it ncc would take whole packages for assets.
  const stage = await mkdtemp(join(root, '.stage-'));
  try {
    return await packStage(stage, await stageSources(root, stage));
  } finally {
    await rm(stage, { recursive: true });
  }
}

async function write(files: Files): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
  for (const [name, source] of files) await writeFile(join(dist, name), source);
  const sizes = [...files].map(([name, source]) => ({
    name,
    bytes: Buffer.byteLength(source),
    gzip: gzipSync(source).length,
  }));
  for (const { name, bytes, gzip } of sizes)
    console.log(`dist/${name}  ${kilobytes(bytes)}, gzipped ${kilobytes(gzip)}`);
  console.log(`dist: ${files.size} files, gzipped ${kilobytes(sizes.reduce((sum, { gzip }) => sum + gzip, 0))}`);
}

async function check(files: Files): Promise<void> {
  const committed = await readdir(dist).catch((): string[] => []);
  const names = new Set([...committed, ...files.keys()]);
  const different = [...names].filter((name) => !committed.includes(name) || !files.has(name));
  for (const name of names) {
    if (!different.includes(name) && (await readFile(join(dist, name), 'utf8')) !== files.get(name))
      different.push(name);
  }
  if (different.length > 0) {
    console.error(
      `dist: ${different.sort().join(', ')} differ from the sources; run \`npm run build\` and commit dist`,
    );
    process.exitCode = 1;
  } else {
    console.log(`dist: ${files.size} files, the same as the sources give`);
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
