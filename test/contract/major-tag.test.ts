import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { find, own } from './workflow-files.ts';

const release = find(own, 'release');
const script = release.jobs['publish']?.steps?.find(({ run = '' }) => run.includes('git/refs/tags/'))?.run ?? '';
const folder = mkdtempSync(join(tmpdir(), 'rollkey-major-tag-'));
const [program, list, calls] = ['gh', 'list', 'calls'].map((name) => join(folder, name)) as [string, string, string];

/** Tells of releases what `list` holds, and fails without it; writes down everything else. */
const gh = `#!/bin/sh
if [ "$1 $2" = 'release list' ]; then cat '${list}'; else echo "$*" >>'${calls}'; fi
`;
writeFileSync(program, gh, { mode: 0o755 });
afterAll(() => rmSync(folder, { recursive: true }));

/** What becomes of the tag of the major version once a release is out; `published` are those that GitHub lists. */
function movedBy(
  tag: string,
  published: readonly string[] | undefined,
): { readonly status: number | null; moved: string } {
  rmSync(list, { force: true });
  writeFileSync(calls, '');
  if (published) writeFileSync(list, published.map((name) => `${name}\n`).join(''));
  const env = {
    ...{ PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`, GITHUB_REPOSITORY: 'rollkey/rollkey' },
    ...{ GITHUB_REF_NAME: tag, GITHUB_SHA: 'c0ffee' },
  };
  // As GitHub's runner does.
  const { status } = spawnSync('bash', ['-e', '-c', script], { env });
  return { status, moved: /git\/refs\/tags\/(\S+) -f sha=c0ffee/.exec(readFileSync(calls, 'utf8'))?.[1] ?? '' };
}

describe('the tag of the major version', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['v0.1.0', ['v0.1.0'], 'v0'],
    ['v0.5.1', ['v0.5.1', 'v0.5.0', 'v0.4.2'], 'v0'],
    ['v0.10.0', ['v0.10.0', 'v0.9.1', 'v0.9.0'], 'v0'],
    ['v0.5.10', ['v0.5.9', 'v0.5.10'], 'v0'],
    // The list may not have it yet.
    ['v0.5.1', ['v0.5.0'], 'v0'],
    ['v0.4.2', ['v0.4.2', 'v0.5.0', 'v0.4.1'], ''],
    ['v0.9.1', ['v0.10.0', 'v0.9.1'], ''],
    // Those of another one say nothing.
    ['v1.0.0', ['v1.0.0', 'v0.9.0'], 'v1'],
    ['v0.9.1', ['v0.9.1', 'v1.0.0', 'v10.0.0', 'v0.9.0'], 'v0'],
    // What is no release of three numbers does not count, and never moves it.
    ['v0.5.0', ['v0.5.0', 'v0.5.0-rc.1', 'v0.6.0-rc.1', 'v0.7.0.1', 'nightly', 'xv0.9.0'], 'v0'],
    ['v0.6.0-rc.1', ['v0.6.0-rc.1', 'v0.5.0'], ''],
    ['v1.0.0-rc.1', ['v1.0.0-rc.1'], ''],
  ])('%s, published are %j: moved is %j', (tag, published, moved) => {
    expect(movedBy(tag, published)).toEqual({ status: 0, moved });
  });

  test('stays where nobody can tell whether there is a newer release', () => {
    const { status, moved } = movedBy('v0.5.1', undefined);
    expect([status === 0, moved]).toEqual([false, '']);
  });
});

test('a pre-release starts nothing', () => {
  const { tags = [] } = release.on.push ?? {};
  expect(tags).toEqual(['v[0-9]+.[0-9]+.[0-9]+']);
});
