import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'rollkey-ci-'));
  await mkdir(join(project, 'bin'));
  await cp('.ci/run', join(project, '.ci', 'run'));
});
afterEach(() => rm(project, { recursive: true }));

/** Runs .ci/run with an npm that does the given shell lines for `npm test` and `npm run test:cluster`. */
async function run(testLines: string, clusterLines: string) {
  const npm = join(project, 'bin', 'npm');
  await writeFile(npm, `#!/bin/sh\nif [ "$*" = test ]; then\n${testLines}\nelse\n${clusterLines}\nfi\n`);
  await chmod(npm, 0o755);
  const { status, stdout } = spawnSync(join(project, '.ci', 'run'), {
    encoding: 'utf8',
    input: 'nobody reads this',
    env: { PATH: [join(project, 'bin'), process.env['PATH']].join(delimiter) },
  });
  return { status, closing: stdout.trimEnd().split('\n').at(-1) };
}

test.each([
  ['adds up what passed', 'echo 10 passed, 0 failed', 'echo 4 passed, 0 failed', 0, '14 passed, 0 failed'],
  [
    'adds up failures and skips',
    'echo 1 passed, 2 failed, 3 skipped; exit 1',
    'echo 4 passed, 1 failed; exit 1',
    1,
    '5 passed, 3 failed, 3 skipped',
  ],
  [
    'takes the last closing line',
    'echo 9 passed, 9 failed; echo 1 passed, 0 failed',
    'echo 1 passed, 0 failed',
    0,
    '2 passed, 0 failed',
  ],
  ['counts a command without a closing line as failed', 'exit 2', 'echo 4 passed, 0 failed', 1, '4 passed, 1 failed'],
  [
    'counts a failing exit code as failed',
    'echo 3 passed, 0 failed; exit 1',
    'echo 4 passed, 0 failed',
    1,
    '7 passed, 1 failed',
  ],
  ['gives no input to read', 'cat; echo 1 passed, 0 failed', 'cat; echo 1 passed, 0 failed', 0, '2 passed, 0 failed'],
])('.ci/run %s', async (_title, testLines, clusterLines, status, closing) => {
  expect(await run(testLines, clusterLines)).toEqual({ status, closing });
});
