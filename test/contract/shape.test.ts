import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { sourcesOf } from './imports.ts';

const OURS = sourcesOf('src', 'sandbox', 'scripts');
const TESTS = sourcesOf('test');

function containing(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.filter((path) => pattern.test(readFileSync(path, 'utf8')));
}

test('no file is longer than 200 lines', () => {
  const length = (path: string) => readFileSync(path, 'utf8').split('\n').length - 1;
  expect(OURS.filter((path) => length(path) > 200)).toEqual([]);
});

test('files are named in kebab-case, for one concept', () => {
  const names = [...OURS, ...TESTS].map((path) => path.split('/').at(-1) ?? '');
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|js|mjs)$/.test(name))).toEqual([]);
  expect(names.filter((name) => /^(utils?|helpers?|common|misc|manager|types)\b/.test(name))).toEqual([]);
});

test('classes are for errors', () => {
  expect(containing(OURS, /^\s*(export )?(abstract )?class (?!\w+ extends (\w*Error)\b)/m)).toEqual([]);
});

test('modules are never mocked, and no test stands alone', () => {
  const words = ['mock', 'unstable_mockModule', 'doMock'].map((word) => `jest\\.${word}\\(`);
  expect(containing(TESTS, new RegExp(words.join('|')))).toEqual([]);
  expect(containing(TESTS, new RegExp(`\\b(${['test', 'describe', 'it'].join('|')})\\.(only|todo)\\b`))).toEqual([]);
});

test('types are never given up', () => {
  expect(
    containing([...OURS, ...TESTS], new RegExp(`@ts-(${['ignore', 'expect-error', 'nocheck'].join('|')})`)),
  ).toEqual([]);
});
