import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { actionlint } from '../../sandbox/act/programs.ts';
import { ensureGoProgram } from '../../sandbox/bed/go-program.ts';
import { examples, own } from './workflow-files.ts';

/** What GitHub takes since 2026, and actionlint 1.7.12 does not know yet (https://github.com/rhysd/actionlint/issues/711). */
const EXCEPTIONS = [
  /^specifying action "\$\/(gate|plan|roll|promote|abort|block|unblock)" in invalid format because ref is missing\./,
  /^unexpected key "queue" for "concurrency" section\./,
];

// Among the tests of clusters only since it builds actionlint once, by Go, which `npm test` does without.
test('actionlint finds nothing but what it does not know yet', async () => {
  const program = await ensureGoProgram(actionlint);
  const paths = [...own, ...examples].map(({ path }) => path);
  const { stdout, stderr } = spawnSync(program, ['-format', '{{json .}}', ...paths], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as readonly { readonly filepath: string; readonly message: string }[];
  const isExcepted = ({ message }: { readonly message: string }) => EXCEPTIONS.some((each) => each.test(message));
  expect(found.filter((each) => !isExcepted(each))).toEqual([]);
  for (const each of EXCEPTIONS) expect(found.some(({ message }) => each.test(message))).toBe(true);
}, 600_000);
