import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import type { Result } from '../../src/result.ts';
import { bridging, isMeasured, openMetrics } from './checks-metrics.ts';
import { readEntry } from './ledger-book.ts';
import { deploy, type Story, well } from './story.ts';

/** Longer than a run that waits for nothing takes. */
const LEFT_SECONDS = 600;
/** A window that ends when the check fails, however late the Service gets to the new pods. */
const UNTIL_IT_FAILS = '30s';
/** For a check that passes once it has: so often in a row may the old pods answer before. */
const PATIENT_THRESHOLD = 20;
/** One that is led to a pod that has just gone hears nothing for 10 s, and asks again. */
const SLOW_ANSWER = '25s';
const times = { interval: '300ms', timeout: '3s', threshold: 2 };

/**
 * Deploys 1.1 over a healthy 1.0 with one check, as the input `verify` has it: JSON is YAML. The window is for what comes
 * late: pods of 1.0 that are leaving may answer still, and metrics lag.
 */
async function deployChecked(desk: Desk, check: object, window = '3s'): Promise<ActionRun> {
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  await desk.install({ image: webImage('1.0'), annotations });
  const verify = JSON.stringify([{ ...times, ...check }]);
  return deploy(desk, '1.1', { verify, 'update-config': `monitor: ${window}` });
}

function checkIn({ outputs }: ActionRun) {
  return (JSON.parse(outputs['result'] ?? '{}') as Result).checks[0];
}

async function expectPassed(desk: Desk, running: Promise<ActionRun>, failures: unknown = 0): Promise<ActionRun> {
  const run = await well(running);
  expect(run.outputs).toMatchObject({ outcome: 'succeeded', 'reason-code': 'rolled-out' });
  expect(checkIn(run)).toMatchObject({ state: 'passed', failures });
  await desk.answers('1.1');
  return run;
}

async function expectTakenBack(desk: Desk, running: Promise<ActionRun>, why: RegExp): Promise<void> {
  const run = await running;
  const { exitCode, outputs, summary } = run;
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'check-failed']);
  expect(outputs).toMatchObject({ 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
  const [first = ''] = summary.split('\n');
  expect(first).toMatch(/^### Rolled back to `1\.0`: release `1\.1` failed .* check /);
  expect(first).toMatch(why);
  expect(await readEntry(desk, '1.1')).toMatchObject({ failedAt: expect.any(String) });
  await desk.answers('1.0');
}

/** A check that cannot tell stops the run, and holds nothing against the release. */
async function expectUndecided(desk: Desk, running: Promise<ActionRun>, reasonCode: string): Promise<void> {
  const { exitCode, outputs, summary, log } = await running;
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', reasonCode]);
  expect(outputs).toMatchObject({ 'rolled-back': 'false', 'rolled-back-to': '' });
  expect(summary).toMatch(/^### Not verified: release `1\.1` is live/);
  expect(log).not.toContain('ROLLING_BACK');
  const entry = await readEntry(desk, '1.1');
  expect([entry?.failedAt, entry?.rolledBackAt, entry?.blockedAt]).toEqual([undefined, undefined, undefined]);
  await desk.answers('1.1');
}

export const checks: readonly Story[] = [
  {
    title: 'a service check that the release does not pass: rolled back, the answer in the headline',
    tell: (desk) => {
      const check = { service: { name: 'web', port: 80, path: '/', contains: '1.0' } };
      return expectTakenBack(desk, deployChecked(desk, check, UNTIL_IT_FAILS), /service web:80/);
    },
  },
  {
    title: 'a service check for the name of the release: passed',
    tell: async (desk) => {
      const service = { name: 'web', port: 80, path: '/', contains: '$ROLLKEY_RELEASE' };
      const check = { service, threshold: PATIENT_THRESHOLD };
      await expectPassed(desk, deployChecked(desk, check), expect.any(Number));
    },
  },
  {
    title: 'a command that fails for the release: rolled back, its last words in the headline',
    tell: (desk) => {
      const script = 'test "$ROLLKEY_RELEASE" = 1.0 || { echo "$ROLLKEY_RELEASE sells nothing" >&2; exit 4; }';
      const check = { name: 'smoke', command: ['/bin/sh', '-c', script] };
      return expectTakenBack(desk, deployChecked(desk, check), /smoke failed: .*1\.1 sells nothing/);
    },
  },
  {
    title: 'a command that passes for the release',
    tell: async (desk) => {
      const script = 'test "$ROLLKEY_RELEASE" = 1.1 && test "$ROLLKEY_PREVIOUS_RELEASE" = 1.0 && test "$SHOP" = open';
      const command = { argv: ['/bin/sh', '-c', script], environment: { SHOP: 'open' } };
      await expectPassed(desk, deployChecked(desk, { command }));
    },
  },
  {
    title: 'a command that leaves a program behind which nobody can find: the run ends without it',
    tell: async (desk) => {
      const script = `env -i /bin/sh -c 'sleep ${LEFT_SECONDS}' &`;
      const run = await expectPassed(desk, deployChecked(desk, { command: ['/bin/sh', '-c', script] }));
      expect(run.durationMs).toBeLessThan(LEFT_SECONDS * 1000);
    },
  },
  {
    title: 'an http check of a release that only wants to speak something else: rolled back',
    tell: async (desk) => {
      const { url, close } = await openShopFront(desk, ({ socket }) =>
        socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: shop\r\nConnection: Upgrade\r\n\r\n'),
      );
      try {
        await expectTakenBack(
          desk,
          deployChecked(desk, { name: 'shop', http: url, timeout: SLOW_ANSWER }, UNTIL_IT_FAILS),
          /shop failed: .*answers 101/,
        );
      } finally {
        await close();
      }
    },
  },
  {
    title: 'an http check by which the release is down: rolled back',
    tell: async (desk) => {
      const { url, close } = await openShopFront(desk, (response) => response.writeHead(503).end());
      try {
        await expectTakenBack(
          desk,
          deployChecked(desk, { name: 'shop', http: url, timeout: SLOW_ANSWER }, UNTIL_IT_FAILS),
          /shop failed: .*503/,
        );
      } finally {
        await close();
      }
    },
  },
  {
    title: 'a prometheus check whose threshold the release exceeds: rolled back, the value in the headline',
    tell: async (desk) => {
      const { url, set, stop } = await openMetrics(desk.cluster);
      const over = new AbortController();
      const measured = measure(desk, (ratio) => set('shop_error_ratio', ratio), over.signal);
      try {
        await isMeasured(url, 'shop_error_ratio');
        const prometheus = { url, query: bridging('shop_error_ratio'), below: 0.1 };
        const check = { name: 'errors', prometheus, threshold: 5 };
        await expectTakenBack(
          desk,
          deployChecked(desk, check, UNTIL_IT_FAILS),
          /errors failed: 0\.5 is not below 0\.1/,
        );
      } finally {
        over.abort();
        await measured;
        await stop();
      }
    },
  },
  {
    title: 'a prometheus check without data: stopped as inconclusive, and not rolled back',
    tell: async (desk) => {
      const { url, stop } = await openMetrics(desk.cluster);
      try {
        const check = { prometheus: { url, query: 'shop_error_ratio', below: 0.1 } };
        await expectUndecided(desk, deployChecked(desk, check), 'check-inconclusive');
      } finally {
        await stop();
      }
    },
  },
  {
    title: 'a prometheus check whose server is gone: infrastructure, and not rolled back',
    tell: async (desk) => {
      const { url, stop } = await openMetrics(desk.cluster);
      await stop();
      const check = { prometheus: { url, query: 'shop_error_ratio', below: 0.1 } };
      await expectUndecided(desk, deployChecked(desk, check), 'check-error');
    },
  },
];

/** What stands between the shop and its customers: it is `down` as soon as anything but 1.0 answers. */
async function openShopFront({ api, namespace }: Desk, down: (response: ServerResponse) => void) {
  const path = `/api/v1/namespaces/${namespace}/services/web:80/proxy/`;
  const server = createServer(async (_request, response) => {
    const { text } = await api.send({ path }).catch(() => api.send({ path }));
    if (text === '1.0') response.end(text);
    else down(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Half of all that 1.1 answers is an error, as its metrics have it. */
async function measure(desk: Desk, set: (ratio: number) => void, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const sets = await desk.replicaSets().catch(() => []);
    const serves = sets.some(({ spec, status }) => {
      const [container] = spec.template.spec.containers;
      return container?.image === webImage('1.1') && (status?.readyReplicas ?? 0) > 0;
    });
    set(serves ? 0.5 : 0.01);
    await pause(100);
  }
}
