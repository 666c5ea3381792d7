import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { healthyReleases } from '../../sandbox/desk/healthy-releases.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { installHealthy, type PlayedRelease, playRelease } from '../../sandbox/desk/played-release.ts';
import type { Result, WorkloadResult } from '../../src/result.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import type { Inputs, Story } from './story.ts';

/** They take a node out of service, or stop the controllers: others would notice. */
const alone = ['node-drained', 'controllers-restarted'];

/** Every release of the catalogue that only looks bad for a while stays, with nothing asked for. */
export const healthyReleaseStories: readonly Story[] = healthyReleases.map((release) => ({
  title: `${release.name}: healthy, and kept`,
  tell: (desk) => expectKept(desk, release),
  needsMachinery: release.needsMachinery ?? false,
  alone: alone.includes(release.name),
}));

async function expectKept(desk: Desk, release: PlayedRelease): Promise<void> {
  await installHealthy(desk, release);
  const since = new Date();
  const run = await playRelease(desk, release, settingsOn(desk));
  const { outcome, message, result = '' } = run.outputs;
  if (outcome !== 'succeeded') throw new Error(`${outcome}: ${message}\n${run.log}`);
  const { workloads } = JSON.parse(result) as Result;
  expect([run.exitCode, run.outputs['reason-code'], run.outputs['rolled-back']]).toEqual([0, 'rolled-out', 'false']);
  expect(workloads[0]).not.toHaveProperty('cause');
  expect(run.log).not.toContain('ROLLING_BACK');
  const entry = await readEntry(desk, '1.1');
  expect(entry).toMatchObject({ verifiedAt: expect.any(String) });
  expect(entry).not.toHaveProperty('failedAt');
  await desk.answers('1.1');
  await expectOneTruth(desk);
  await looksOf(release)(desk, workloads[0], since);
}

/** What everybody gets who asks for nothing; a short window on the embedded cluster, where all is faster. */
function settingsOn(desk: Desk): Inputs {
  return paced<Inputs>(desk, { 'update-config': 'monitor: 1s' }, {});
}

type Looks = (desk: Desk, workload: WorkloadResult | undefined, since: Date) => Promise<void>;

/** That it looked bad indeed: else nothing was shown. */
function looksOf({ name }: PlayedRelease): Looks {
  const looks = looksBad[name];
  if (!looks) throw new Error(`nothing tells by what ${name} looks bad`);
  return looks;
}

const shows =
  (sign: RegExp): Looks =>
  async (desk) =>
    expect(await signsOf(desk)).toMatch(sign);

const restarted =
  (times: number): Looks =>
  async (desk) => {
    const pods = await desk.pods();
    expect(pods.map(({ status }) => status.containerStatuses?.[0]?.restartCount)).toEqual([times, times, times]);
  };

const looksBad: Readonly<Record<string, Looks>> = {
  'slow-start': async (desk, workload) => {
    expect(workload?.seconds).toBeGreaterThan(paced(desk, 0.9, 90));
  },
  'readiness-flaps': shows(/Readiness probe failed/),
  'one-restart': restarted(1),
  'two-crashes-then-fine': restarted(2),
  'pull-fails-twice': shows(/Failed to pull image .*503 Service Unavailable/),
  'secret-appears-late': shows(/secret \\"token\\" not found/),
  'node-comes-late': shows(/FailedScheduling/),
  'node-drained': async (desk) => {
    const path = '/api/v1/nodes/drained-node';
    expect(await desk.api.json({ path })).toMatchObject({ spec: { unschedulable: true } });
  },
  'webhook-times-out-twice': shows(/failed calling webhook .*context deadline exceeded/),
  autoscaled: async (_desk, workload) => {
    expect(workload?.pods).toEqual({ desired: 5, updated: 5, available: 5 });
  },
  'controllers-restarted': async () => {},
  'watch-cut': async (desk, _workload, since) => {
    const requests = await desk.requestsSince(since);
    const watches = requests?.filter(({ verb }) => verb === 'watch') ?? [];
    if (requests) expect(watches.length).toBeGreaterThan(6);
  },
};

/** All that the cluster says about the pods and their ReplicaSets, as JSON. */
async function signsOf(desk: Desk): Promise<string> {
  const events = await desk.api.json({ path: `/api/v1/namespaces/${desk.namespace}/events` });
  return JSON.stringify([await desk.pods(), await desk.replicaSets(), events]);
}
