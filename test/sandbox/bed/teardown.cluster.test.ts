import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type Bed, startBed } from '../../../sandbox/bed/bed.ts';
import { webImage } from '../../../sandbox/bed/images.ts';
import { clearAbandoned } from '../../../sandbox/bed/teardown.ts';
import { eventually } from './eventually.ts';
import { type Footprint, footprint, insidersOf, keeperOf, leftSince } from './footprint.ts';

jest.setTimeout(240_000);

const script = fileURLToPath(new URL('../../../sandbox/bed/run.ts', import.meta.url));
const started: ChildProcess[] = [];
let before: Footprint;

beforeAll(async () => {
  await clearAbandoned();
  before = footprint();
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
});

test('two beds at once do not meet, one after the other leave nothing behind', async () => {
  const beds = await Promise.all([startBed(), startBed()]);
  const insiders = beds.flatMap(({ folder }) => insidersOf(folder));
  try {
    await Promise.all(beds.map((bed, index) => runPod(bed, `1.${index}`)));
    const answers = beds.map((bed) => bed.get('/api/v1/namespaces/default/pods/web:8080/proxy/'));
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['1.0', '1.1']);
    expect(insiders.flatMap((insider) => insider()).length).toBeGreaterThan(2 * 10);
  } finally {
    await Promise.all(beds.map((bed) => bed.stop()));
  }
  expect(insiders.flatMap((insider) => insider())).toEqual([]);
  expect(leftSince(before)).toEqual([]);
  const third = await startBed();
  await third.stop();
  expect(leftSince(before)).toEqual([]);
});

test('a bed goes with the process that started it, however that ends', async () => {
  const { child, folder } = await startElsewhere();
  const insiders = insidersOf(folder);
  expect(insiders().length).toBeGreaterThan(5);
  child.kill('SIGKILL');
  await eventually(() => expect([...insiders(), ...leftSince(before)]).toEqual([]));
});

test('what is left when the keeper is killed too goes with the next start', async () => {
  const { child, folder } = await startElsewhere();
  const insiders = insidersOf(folder);
  process.kill(keeperOf(folder), 'SIGKILL');
  child.kill('SIGKILL');
  await eventually(() => expect(insiders()).toEqual([]));
  await clearAbandoned();
  await eventually(() => expect(leftSince(before)).toEqual([]));
});

test('a bed is stopped by Ctrl-C where it was started by hand', async () => {
  const { child } = await startElsewhere();
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(leftSince(before)).toEqual([]);
});

async function runPod(bed: Bed, release: string): Promise<void> {
  await bed.kubectl(['run', 'web', `--image=${webImage(release)}`]);
  await bed.kubectl(['wait', 'pod/web', '--for=condition=Ready', '--timeout=60s']);
  await eventually(async () => {
    expect((await bed.get('/api/v1/namespaces/default/pods/web:8080/proxy/')).status).toBe(200);
  });
}

/** Starts a bed with the command, and waits until it says where its kubeconfig is. */
async function startElsewhere(): Promise<{ child: ChildProcess; folder: string }> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  for await (const line of createInterface(child.stdout)) {
    const [, folder] = /^export KUBECONFIG=(.*)\/admin\.kubeconfig$/.exec(line) ?? [];
    if (folder !== undefined) return { child, folder };
  }
  throw new Error('the command ended without starting a bed');
}
