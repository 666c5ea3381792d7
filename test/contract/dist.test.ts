import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';

const LARGEST_GZIPPED = 1_200_000;

const files = await readdir('dist');
const scripts = files.filter((file) => file.endsWith('.js'));
const text = (file: string) => readFileSync(join('dist', file), 'utf8');
const actions = globSync(['action.yml', '*/action.yml'], { exclude: ['node_modules'] });

function runs(action: string): Record<string, string> {
  return (load(readFileSync(action, 'utf8')) as { runs: Record<string, string> }).runs;
}

test.each(actions)('%s names files of dist, for Node 24', (action) => {
  const { using, main, post } = runs(action);
  expect(using).toBe('node24');
  for (const script of [main, post].filter((script) => script !== undefined)) {
    expect(files.map((file) => join('dist', file))).toContain(relative('.', join(dirname(action), script)));
  }
});

test('every entry is run by an action', () => {
  const entries = globSync('src/entries/*.ts').map((path) => path.replace(/^src\/entries\/(.+)\.ts$/, 'dist/$1.js'));
  const used = actions.flatMap((action) =>
    Object.entries(runs(action))
      .filter(([key]) => key !== 'using')
      .map(([, script]) => join(dirname(action), script)),
  );
  expect([...new Set(used)].sort()).toEqual(entries.sort());
});

test('the whole of it stays small, gzipped', () => {
  const size = files.reduce((sum, file) => sum + gzipSync(text(file)).length, 0);
  expect(size).toBeLessThan(LARGEST_GZIPPED);
});

describe.each(scripts)('%s', (file) => {
  test('is minified', () => {
    const source = text(file);
    expect(source.length / source.split('\n').length).toBeGreaterThan(source.length > 1000 ? 150 : 20);
    expect(source).not.toMatch(/\/\*\*?[\s\S]*?\*\/\n/);
  });

  test('names no folder of the machine that built it', () => {
    expect(text(file)).not.toContain(process.cwd());
    expect(text(file)).not.toContain('.stage-');
    expect(text(file)).not.toMatch(/sourceMappingURL/);
  });
});

test('the licenses of the packages inside are with it', async () => {
  const licenses = await readFile('dist/licenses.txt', 'utf8');
  for (const name of ['@actions/core', '@kubernetes/client-node', '@octokit/core', 'js-yaml'])
    expect(licenses).toContain(`${name}\n`);
});

test('what is left out stays out: undici, the generated Kubernetes models', () => {
  for (const file of scripts) expect(text(file)).not.toMatch(/V1ComponentStatusList|UND_ERR_/);
});

test('the post step runs without a cluster, and without loading the client', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/post.js'], { encoding: 'utf8', env: {} });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
