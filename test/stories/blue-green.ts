import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { sendTraffic } from '../../sandbox/desk/service-traffic.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { deployPair, installPair, reportOf, rollBackPair, serviceOf, standingOf } from './blue-green-desk.ts';
import { gateStory } from './gate-desk.ts';
import { FULL } from './least-rights.ts';
import { readEntry, readLedger } from './ledger-book.ts';
import { type Story, well } from './story.ts';

const bad = { images: `web=${webImage('1.1', 'noexec')}`, 'fail-fast': 'strict' };
const looks = { interval: '300ms', timeout: '3s', threshold: 2 };

/** A check of the live Service that only this release passes. */
function wants(release: string, times: object = {}): string {
  return JSON.stringify([{ service: { name: 'web', port: 80, path: '/', contains: release }, ...looks, ...times }]);
}

/** A window that ends when the check fails, however late the Service gets to the other colour's pods. */
const untilItFails = { verify: wants('1.0'), 'update-config': 'monitor: 30s' };

function ended({ exitCode, outputs }: ActionRun): readonly unknown[] {
  return [exitCode, outputs['outcome'], outputs['reason-code']];
}

/** What Rollkey wrote to Deployments and Services since a time; undefined where the cluster's log cannot be read. */
async function writesSince(desk: Desk, time: Date): Promise<readonly string[] | undefined> {
  const requests = await desk.requestsSince(time);
  return requests
    ?.filter(({ verb, query }) => verb === 'patch' && !query.includes('dryRun'))
    .map(({ path }) => path.split('/').slice(-2).join('/'));
}

export const blueGreen: readonly Story[] = [
  {
    title: 'blue-green: forth to the idle colour, and back by name in one write while the old one is up',
    tell: async (desk) => {
      await installPair(desk);
      const forth = await well(deployPair(desk, '1.1'));
      expect(forth.outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', 'previous-release': '1.0' });
      expect(forth.summary).toContain(
        'Service `web` was switched from `deployment/web-blue` to `deployment/web-green`',
      );
      expect(forth.summary).toContain('deployment/web-blue keeps its pods (2)');
      expect(forth.summary).toContain('  blue-green: "web"');
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.1 x2', selects: 'web-green' });
      await desk.answers('1.1');

      const since = new Date();
      const back = await well(rollBackPair(desk, '1.0'));
      expect(back.outputs).toMatchObject({ mode: 'rollback', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      expect((await writesSince(desk, since)) ?? ['services/web']).toEqual(['services/web']);
      await desk.answers('1.0');
      expect(await readEntry(desk, '1.1', 'web-green')).toMatchObject({ rolledBackAt: expect.any(String) });
    },
  },
  {
    title: 'blue-green: the colour that was left gives up its pods, and gets them again before it serves again',
    tell: async (desk) => {
      await installPair(desk);
      const delayed = { 'blue-green': '{ service: web, scale-down-delay: 1s }' };
      const forth = await well(deployPair(desk, '1.1', delayed));
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x0', green: '1.1 x2', selects: 'web-green' });
      expect(forth.summary).toContain('deployment/web-blue has no pods: a rollback to what it has starts them first');
      expect((await readLedger(desk, 'web-blue'))?.retiring).toBeUndefined();
      await well(rollBackPair(desk, '1.0'));
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.1 x2', selects: 'web-blue' });
      await desk.answers('1.0');
    },
  },
  {
    title: 'blue-green: three releases on two colours, each known by its name',
    tell: async (desk) => {
      await installPair(desk);
      await well(deployPair(desk, '1.1'));
      await well(deployPair(desk, '1.2'));
      expect(await standingOf(desk)).toEqual({ blue: '1.2 x2', green: '1.1 x2', selects: 'web-blue' });
      // 1.0 was on the colour that is live now.
      const back = await well(rollBackPair(desk, '1.0'));
      expect(back.outputs).toMatchObject({ mode: 'rollback', release: '1.0', 'previous-release': '1.2' });
      expect(await standingOf(desk)).toMatchObject({ green: '1.0 x2', selects: 'web-green' });
      await desk.answers('1.0');
      const unknown = await rollBackPair(desk, '0.3');
      expect(ended(unknown)).toEqual([1, 'failed', 'release-unknown']);
      expect(unknown.outputs['message']).toMatch(/known: .*1\.1/);
    },
  },
  gateStory(
    'a release that fails before the switch is blocked, and nobody was served by it',
    async ({ desk, github, records }) => {
      await installPair(desk);
      const token = github.token({ deployments: 'write' });
      const options = { github: { apiUrl: github.url, token } };
      const run = await deployPair(desk, '1.1', { ...bad, environment: 'staging' }, options);
      expect([run.exitCode, run.outputs['outcome'], run.outputs['rolled-back-to']]).toEqual([1, 'rolled-back', '1.0']);
      expect(run.outputs['blocked-release']).toBe('1.1');
      expect(run.outputs['message']).toContain('was never switched, 1.0 on deployment/web-blue served all the time');
      expect(run.summary).toContain('Service `web` was not switched.');
      expect(records()[0]?.payload).toMatchObject({ kind: 'release-block', release: '1.1' });
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.0 x0', selects: 'web-blue' });
      expect(await readEntry(desk, '1.1', 'web-green')).toMatchObject({ failedAt: expect.any(String) });
      const again = await deployPair(desk, '1.1', { ...bad, environment: 'staging' }, options);
      expect(ended(again)).toEqual([1, 'blocked', 'release-blocked']);
    },
  ),
  {
    title: 'blue-green: a release that fails its checks behind the Service is left by switching back',
    tell: async (desk) => {
      await installPair(desk);
      const run = await deployPair(desk, '1.1', untilItFails);
      expect(ended(run)).toEqual([1, 'rolled-back', 'check-failed']);
      expect(run.summary).toContain('was switched to `deployment/web-green`, and back to `deployment/web-blue`');
      expect(reportOf(run)).toMatchObject({
        switched: 'back',
        live: { workload: 'deployment/web-blue', release: '1.0' },
      });
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.0 x0', selects: 'web-blue' });
      await desk.answers('1.0');
    },
  },
  {
    title: 'blue-green: a preview Service shows what the checks say before anybody is served',
    tell: async (desk) => {
      await installPair(desk);
      await desk.apply(serviceOf('web-preview', 'web-blue'));
      const previewed = { 'blue-green': '{ service: web, preview: web-preview }' };
      const run = await deployPair(desk, '1.1', { ...previewed, ...untilItFails });
      expect(ended(run)).toEqual([1, 'rolled-back', 'check-failed']);
      expect(reportOf(run)).toMatchObject({ switched: 'no' });
      // The Service may get to them late.
      const next = await well(deployPair(desk, '1.1', { ...previewed, verify: wants('1.1', { threshold: 20 }) }));
      expect(next.outputs).toMatchObject({ outcome: 'succeeded' });
      await desk.answers('1.1', 'web-preview');
      await desk.answers('1.1');
    },
  },
  {
    title: 'blue-green: the same colour twice is told',
    tell: async (desk) => {
      await installPair(desk);
      await well(deployPair(desk, '1.1'));
      await well(rollBackPair(desk, '1.0'));
      const onIdle = await well(deployPair(desk, '1.1'));
      expect(onIdle.summary).toContain('1.1 is on deployment/web-green already');
      const onLive = await well(deployPair(desk, '1.1'));
      expect(onLive.outputs).toMatchObject({ mode: 'redeploy', outcome: 'succeeded' });
      expect(onLive.summary).toContain('deployment/web-green: its pods are restarted while they serve');
      await desk.answers('1.1');
    },
  },
  {
    title: 'blue-green: a Service that selects neither colour, or both, is left alone',
    tell: async (desk) => {
      await installPair(desk);
      await desk.apply(serviceOf('web', 'somebody'));
      const neither = await deployPair(desk, '1.1');
      expect(ended(neither)).toEqual([1, 'failed', 'preflight-refused']);
      expect(neither.outputs['message']).toContain('selects the pods of neither');
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.0 x0', selects: 'somebody' });
      const alone = await deployPair(desk, '1.1', { deployment: 'web-blue' });
      expect(ended(alone)).toEqual([1, 'failed', 'invalid-input']);
    },
  },
  {
    title: 'blue-green: killed before the switch, the next run goes on; killed after it, the next run sees to its end',
    tell: async (desk) => {
      await installPair(desk);
      // The kill has to come before the window is over; there is one before the switch as well.
      const killedAt = async (word: RegExp, window: string) => {
        const kill = new AbortController();
        const onLine = (line: string) => void (word.test(line) && kill.abort());
        return deployPair(desk, '1.1', { 'update-config': `monitor: ${window}` }, { killed: kill.signal, onLine });
      };
      expect((await killedAt(/pods available/, '30s')).outputs['outcome']).toBe('');
      expect(await standingOf(desk)).toMatchObject({ green: '1.1 x2', selects: 'web-blue' });
      await killedAt(/service web switched to/, paced(desk, '5s', '20s'));
      expect(await standingOf(desk)).toMatchObject({ green: '1.1 x2', selects: 'web-green' });
      expect(await readEntry(desk, '1.1', 'web-green')).not.toHaveProperty('verifiedAt');
      const pods = await desk.pods('web-green');
      const next = await well(deployPair(desk, '1.1', { 'blue-green': '{ service: web, scale-down-delay: 0s }' }));
      expect(next.outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy' });
      expect((await desk.pods('web-green')).map(({ metadata }) => metadata.uid).sort()).toEqual(
        pods.map(({ metadata }) => metadata.uid).sort(),
      );
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x0', green: '1.1 x2', selects: 'web-green' });
    },
  },
  {
    title: 'blue-green: killed while the old colour waits to be scaled down, the same release again restarts nothing',
    tell: async (desk) => {
      await installPair(desk);
      const kill = new AbortController();
      const onLine = (line: string) => void (/keeps its 2 pods for/.test(line) && kill.abort());
      // The kill has to come before it is over, and the next run waits until it is.
      const delay = paced(desk, '8s', '30s');
      const delayed = { 'blue-green': `{ service: web, scale-down-delay: ${delay} }` };
      await deployPair(desk, '1.1', delayed, { killed: kill.signal, onLine });
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.1 x2', selects: 'web-green' });
      const next = await well(deployPair(desk, '1.1', delayed));
      expect(next.outputs).toMatchObject({ outcome: 'unchanged', changed: 'false' });
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x0', green: '1.1 x2', selects: 'web-green' });
    },
  },
  {
    title: 'blue-green: with the right to get and patch this one Service; without it, nothing is touched',
    tell: async (desk) => {
      await installPair(desk);
      const services = { apiGroups: [''], resources: ['services'], resourceNames: ['web'] };
      const blind = await deployPair(desk, '1.1', { kubeconfig: await desk.kubeconfigFor(FULL) });
      expect(ended(blind)).toEqual([1, 'failed', 'cluster-forbidden']);
      expect(blind.outputs['message']).toContain('apiGroups [""], resources ["services"], verbs ["get"]');
      const looking = [...FULL, { ...services, verbs: ['get'] }];
      const bound = await deployPair(desk, '1.1', { kubeconfig: await desk.kubeconfigFor(looking) });
      expect(ended(bound)).toEqual([1, 'failed', 'cluster-forbidden']);
      expect(bound.outputs['message']).toContain('apiGroups [""], resources ["services"], verbs ["patch"]');
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.0 x0', selects: 'web-blue' });
      expect(await readLedger(desk, 'web-green')).toBeUndefined();
      const enough = [...FULL, { ...services, verbs: ['get', 'patch'] }];
      await well(deployPair(desk, '1.1', { kubeconfig: await desk.kubeconfigFor(enough) }));
      await desk.answers('1.1');
    },
  },
  {
    title: 'blue-green: plan/ tells which colour and changes nothing',
    tell: async (desk) => {
      await installPair(desk);
      const given = { deployment: 'web-blue, web-green', 'blue-green': 'web', release: '1.1' };
      const run = await well(desk.run('plan', { ...given, images: `web=${webImage('1.1')}` }));
      expect(run.outputs).toMatchObject({ outcome: 'planned', mode: 'deploy' });
      expect(run.summary).toContain('Service `web` would be switched to `deployment/web-green`');
      expect(await standingOf(desk)).toEqual({ blue: '1.0 x2', green: '1.0 x0', selects: 'web-blue' });
    },
  },
  {
    title: 'blue-green: no request is lost at 50 a second, in the switch and in the switch back',
    tell: async (desk) => {
      await installPair(desk);
      const traffic = sendTraffic(desk.cluster.admin, desk.namespace, 'web', 50);
      await well(deployPair(desk, '1.1'));
      await well(rollBackPair(desk, '1.0'));
      const { sent, lost, served } = await traffic.stop();
      expect(lost).toEqual([]);
      expect(Object.keys(served).sort()).toEqual(['1.0', '1.1']);
      expect((served['1.0'] ?? 0) + (served['1.1'] ?? 0)).toBe(sent);
    },
  },
];
