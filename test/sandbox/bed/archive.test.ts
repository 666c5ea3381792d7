import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { archive } from '../../../sandbox/bed/archive.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('tar unpacks contents of every length, permissions and links', () => {
  const contents = [0, 1, 511, 512, 513, 5000].map((length) => Buffer.alloc(length, 'x'));
  const files = contents.map((content, index) => ({ path: `some/file${index}`, content, mode: 0o750 }));
  execFileSync('tar', ['-x', '-C', folder], {
    input: archive([...files, { path: 'link', content: { link: 'some/file1' } }]),
  });
  expect(files.map(({ path }) => readFileSync(join(folder, path)))).toEqual(contents);
  expect(lstatSync(join(folder, 'some/file0')).mode & 0o777).toBe(0o750);
  expect(readlinkSync(join(folder, 'link'))).toBe('some/file1');
});
