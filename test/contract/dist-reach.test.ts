import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';

const text = (file: string) => readFileSync(`dist/${file}`, 'utf8');
const chunksIn = (source: string) => [...source.matchAll(/\.e\((\d+)\)/g)].map(([, id]) => `${id}.index.js`);

/** The files that an entry loads as it starts: the loader, and the chunks that this names for it. */
function startOf(entry: string): readonly string[] {
  const loader = new RegExp(`[{,]${entry}:\\(\\)=>((?:(?!\\.then\\().)+)`).exec(text('index.js'))?.[1];
  if (loader === undefined) throw new Error(`dist/index.js loads no ${entry}`);
  return [`${entry}.js`, 'index.js', ...chunksIn(loader)];
}

/** … and all that it could load later. */
function reachOf(entry: string): readonly string[] {
  const reached = new Set(startOf(entry));
  for (const file of reached) if (file !== 'index.js') for (const chunk of chunksIn(text(file))) reached.add(chunk);
  return [...reached];
}

const containing = (files: readonly string[], mark: RegExp) => files.filter((file) => mark.test(text(file)));
const CLUSTER = /KubeConfig|currentContext|application\/json-patch\+json/;
const OCTOKIT = /octokit-core\.js/;

describe.each(['gate', 'block', 'unblock'])('%s', (entry) => {
  test('never loads what speaks with a cluster', () => {
    expect(containing(reachOf(entry), CLUSTER)).toEqual([]);
    expect(containing(reachOf(entry), OCTOKIT)).toHaveLength(1);
  });

  test('is small', () => {
    const size = (measure: (source: string) => number) =>
      reachOf(entry).reduce((sum, file) => sum + measure(text(file)), 0);
    expect(size((source) => source.length)).toBeLessThan(90_000);
    expect(size((source) => gzipSync(source).length)).toBeLessThan(36_000);
  });
});

test.each(['deploy', 'plan', 'history', 'post'])('%s starts without octokit, which needs a token', (entry) => {
  expect(containing(startOf(entry), OCTOKIT)).toEqual([]);
  expect(containing(startOf('deploy'), /setSecret|add-mask/)).not.toEqual([]);
});

test('deploy can reach both', () => {
  expect(containing(reachOf('deploy'), CLUSTER)).not.toEqual([]);
  expect(containing(reachOf('deploy'), OCTOKIT)).toHaveLength(1);
});
