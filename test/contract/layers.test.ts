import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Import, importsOf, sourcesOf } from './imports.ts';

const SOURCES = sourcesOf('src');
const IMPORTS = SOURCES.flatMap(importsOf);

/** Plain values and types that every layer may speak of. */
const WORDS = ['errors', 'ports', 'result'];

/** What a layer may import, by layer; `name:type` means its types only. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  rollout: [],
  release: ['rollout'],
  gate: ['foreign', 'release'],
  verdict: ['rollout'],
  foreign: ['gate:type', 'release', 'result:type', 'verdict:type'],
  checks: ['inputs:type', 'body-start', 'foreign', 'release', ...WORDS],
  agreed: ['result'],
  result: ['gate:type', 'release:type', 'rollout:type', 'verdict:type'],
  ports: ['gate:type', 'release:type', 'rollout:type'],
  errors: [],
  'body-start': [],
  version: [],
  outcome: ['result:type'],
  report: ['foreign', 'gate', 'release', 'rollout', 'verdict:type', 'result:type', 'outcome'],
  outputs: ['gate', 'release', 'result:type', 'agreed'],
  inputs: ['gate', 'release', 'ports:type', 'verdict:type', 'errors'],
  operations: [
    'foreign',
    'gate',
    'release',
    'rollout',
    'verdict',
    'checks',
    'report:type',
    'agreed',
    'outcome',
    ...WORDS,
  ],
  proxy: [],
  cluster: ['body-start', 'proxy', 'release', 'rollout', ...WORDS],
  github: ['foreign', 'gate', 'proxy', 'report', 'version', ...WORDS],
  clock: ['ports'],
  run: [
    'foreign',
    'gate',
    'inputs',
    'operations',
    'outputs',
    'release',
    'report',
    'rollout',
    'outcome',
    'github:type',
    ...WORDS,
  ],
  connect: ['connect-gate', 'run', 'inputs', 'checks', 'cluster', 'github', 'clock', 'version', ...WORDS],
  'connect-gate': ['clock', 'github', 'ports'],
  'connect-reviews': ['clock', 'github', 'ports'],
  entries: ['clock', 'cluster', 'connect', 'connect-gate', 'connect-reviews', 'github', 'run'],
};

/** What a layer may import from packages and from Node.js; the rest imports nothing. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  cluster: /^(node:|js-yaml$|@kubernetes\/client-node\/)/,
  github: /^(node:(events|http|https|net|os|stream|stream\/consumers|tls|zlib)|@actions\/(core|github))$/,
  'body-start': /^node:stream$/,
  proxy: /^node:(events|net)$/,
  clock: /^node:timers\/promises$/,
  checks:
    /^(node:(async_hooks|crypto|diagnostics_channel|fs|http|https|process|stream|timers\/promises)|@actions\/exec)$/,
  'src/gate/task.ts': /^node:crypto$/,
  'src/inputs/yaml-input.ts': /^js-yaml$/,
  'src/rollout/loan.ts': /^node:util$/,
  'src/rollout/template.ts': /^node:(crypto|util)$/,
  'src/rollout/template-diff.ts': /^(diff|js-yaml)$/,
};

/** `src/release/mode.ts` is of `release`, `src/clock.ts` of `clock`. */
function layerOf(path: string): string {
  return path.replace(/^src\//, '').replace(/(\/.*|\.ts)$/, '');
}

function mayImport({ from, to, kind }: Import): boolean {
  const [ours, theirs] = [layerOf(from), layerOf(to)];
  const allowed = ALLOWED[ours] ?? [];
  return ours === theirs || allowed.includes(theirs) || (kind === 'type' && allowed.includes(`${theirs}:type`));
}

test('every layer is in the table, and none is there that is not', () => {
  expect([...new Set(SOURCES.map(layerOf))].sort()).toEqual(Object.keys(ALLOWED).sort());
});

test('layers import only what lies below them', () => {
  const wrong = IMPORTS.filter(({ to }) => to.startsWith('src/')).filter((each) => !mayImport(each));
  expect(wrong).toEqual([]);
});

test('only adapters import packages and Node.js', () => {
  const outside = IMPORTS.filter(({ to }) => !to.startsWith('src/'));
  const wrong = outside.filter(({ from, to }) => !(OUTSIDE[from] ?? OUTSIDE[layerOf(from)])?.test(to));
  expect(wrong).toEqual([]);
});

test('sources import nothing of tests and sandbox', () => {
  expect(IMPORTS.filter(({ to }) => /^(test|sandbox|scripts)\//.test(to))).toEqual([]);
});

test('the Kubernetes client is behind a dynamic import', () => {
  const library = 'src/cluster/kubeconfig-library.ts';
  const values = IMPORTS.filter(({ kind }) => kind === 'value');
  const importers = values.filter(({ to }) => to.startsWith('@kubernetes/')).map(({ from }) => from);
  expect([...new Set(importers)]).toEqual([library]);
  expect(values.filter(({ to }) => to === library)).toEqual([]);
  expect(IMPORTS.filter(({ to, kind }) => to === library && kind === 'dynamic').length).toBeGreaterThan(0);
});

test('nothing imports itself round a circle', () => {
  const next = new Map(SOURCES.map((path) => [path, [] as string[]]));
  for (const { from, to, kind } of IMPORTS) if (kind !== 'type') next.get(from)?.push(to);
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
    if (trail.includes(path) || done.has(path)) return;
    for (const each of next.get(path) ?? []) visit(each, [...trail, path]);
    done.add(path);
  };
  for (const path of SOURCES) visit(path, []);
  expect(cycles).toEqual([]);
});

describe('globals', () => {
  const code = (path: string) =>
    readFileSync(path, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
  const using = (pattern: RegExp, layers: readonly string[] = Object.keys(ALLOWED)) =>
    SOURCES.filter((path) => layers.includes(layerOf(path)) && pattern.test(code(path)));

  test("the process's environment is read in one file", () => {
    expect(using(/\bprocess\b(?!')/)).toEqual(['src/github/runner.ts']);
  });

  test('pure layers have no clock, no timers, no network and no console', () => {
    const pure = [
      'foreign',
      'gate',
      'release',
      'rollout',
      'verdict',
      'report',
      'inputs',
      'outputs',
      'operations',
      'agreed',
    ];
    expect(
      using(/\b(Date\.now|setTimeout|setInterval|fetch|console|Math\.random|globalThis)\b|new Date\(\)/, pure),
    ).toEqual([]);
  });

  test('nothing prints but the log', () => {
    expect(using(/\bconsole\b/)).toEqual([]);
  });
});
