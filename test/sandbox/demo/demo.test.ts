import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const script = join(import.meta.dirname, '..', '..', '..', 'sandbox', 'demo', 'run.ts');

test('the demo ends as it tells, within its time, in plain text where the output is no terminal', async () => {
  const env = { PATH: process.env['PATH'] ?? '' };
  const node = ['--disable-warning=ExperimentalWarning', script];
  const { stdout } = await promisify(execFile)(process.execPath, node, { env, timeout: 60_000 });
  expect(stdout).not.toContain('\u{1b}[');
  expect(stdout).toContain('now: production has 3 pods of web:1.0 ready; the service answers 1.0');
  expect(stdout).toContain('Stopped: release 1.2 may not enter production');
  expect(stdout).toMatch(/gh workflow run unblock\.yml -R octo\/shop -f release=1\.2 -f block=\d+ -f reason='…'/);
  const [end = ''] = stdout.trimEnd().split('\n').slice(-1);
  expect(end).toMatch(/^Every step ended as told, in \d+\.\d s\./);
}, 90_000);
