import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { removeKubeconfig, writeKubeconfig } from '../../src/cluster/kubeconfig-file.ts';

test('a kubeconfig file is for this user only, and goes without a trace', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'rollkey-runner-temp-'));
  const path = await writeKubeconfig('content', temporary);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await removeKubeconfig(path);
  expect(await readdir(temporary)).toEqual([]);
  await removeKubeconfig(path);
  await rm(temporary, { recursive: true });
});
