import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { openDesk } from '../../sandbox/desk/desk.ts';
import type { PolicyRule } from '../../sandbox/desk/grant.ts';
import { type LoggedRequest, type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionName } from '../../sandbox/runner/action-definition.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { well } from './story.ts';

type Inputs = Readonly<Record<string, string>>;

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules: readonly PolicyRule[];
}

const roles = loadAll(readFileSync('examples/role.yaml', 'utf8')) as readonly Role[];
export const FULL = rulesOf('rollkey');
const READ = rulesOf('rollkey-read');

function rulesOf(name: string): readonly PolicyRule[] {
  const role = roles.find(({ kind, metadata }) => kind === 'Role' && metadata.name === name);
  if (!role) throw new Error(`examples/role.yaml has no Role ${name}`);
  return role.rules;
}

/** `deployments get`, … */
function permissionsOf(rules: readonly PolicyRule[]): readonly string[] {
  return rules.flatMap(({ resources, verbs }) => resources.flatMap((each) => verbs.map((verb) => `${each} ${verb}`)));
}

/** Rules that do not give these permissions. */
export function without(rules: readonly PolicyRule[], ...permissions: readonly string[]): readonly PolicyRule[] {
  return rules
    .map((rule) => ({
      ...rule,
      verbs: rule.verbs.filter((verb) => !permissions.includes(`${rule.resources[0]} ${verb}`)),
    }))
    .filter(({ verbs }) => verbs.length > 0);
}

/** The line of a message that is ready for a Role. */
export function ruleFor(permission: string): string {
  const [resource = '', verb] = permission.split(' ');
  const group = FULL.find(({ resources }) => resources.includes(resource))?.apiGroups[0];
  return `add to its Role: apiGroups ["${group}"], resources ["${resource}"], verbs ["${verb}"]`;
}

/** What is lost without a permission: all (`stops`), what the log says, or nothing as long as no watch is lost and no release fails. */
const LOSSES: Readonly<Record<string, 'stops' | 'nothing yet' | RegExp>> = {
  'deployments get': 'stops',
  'deployments patch': 'stops',
  'deployments watch': /reading every 2 s until then/,
  'replicasets list': 'stops',
  'replicasets watch': /reading every 2 s until then/,
  'pods list': 'nothing yet',
  'pods watch': /reading every 2 s until then/,
  'events list': 'nothing yet',
  'pods/log get': 'nothing yet',
  'configmaps get': /going on with stamps and change-causes alone/,
  'configmaps create': /going on without the ledger/,
  'configmaps update': /going on without the ledger/,
};

/** Rights do not depend on how long pods are watched. */
export const HASTY: Inputs = { 'update-config': 'monitor: 1s', 'rollback-config': 'monitor: 1s' };

/** Runs the built actions as a ServiceAccount with the Role of examples/, whole and with one verb less each. */
export async function tellLeastRights(cluster: TestCluster): Promise<void> {
  const desk = await openDesk(cluster, 'rights');
  afterAll(desk.close);

  const as = async (rules: readonly PolicyRule[], action: ActionName, inputs: Inputs): Promise<ActionRun> =>
    desk.run(action, { kubeconfig: await desk.kubeconfigFor(rules), ...(action === 'root' && HASTY), ...inputs });
  const deploy = (rules: readonly PolicyRule[], deployment: string, release: string) =>
    as(rules, 'root', { deployment, release, images: `web=${webImage(release)}`, timeout: '60s' });
  const install = (name: string) =>
    desk.install({ name, image: webImage('1.0'), replicas: 1, annotations: { 'kubernetes.io/change-cause': '1.0' } });

  describe('the Role of examples/ is enough', () => {
    test('to deploy, plan, look and roll back, without a warning', async () => {
      const since = new Date();
      await install('whole');
      const forward = await well(deploy(FULL, 'whole', '1.1'));
      const planned = await well(as(FULL, 'plan', { deployment: 'whole', release: '1.0' }));
      const looked = await well(as(FULL, 'history', { deployment: 'whole' }));
      const back = await well(as(FULL, 'root', { deployment: 'whole', release: '1.0', mode: 'rollback' }));
      expect(back.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      for (const run of [forward, planned, looked, back]) expect(warningsOf(run)).toEqual([]);
      // No verb stands in the Role that nothing uses, in a run where nothing goes wrong or in one where something does.
      const used = usedBy((await desk.requestsSince(since)) ?? [], 'whole');
      const needed = permissionsOf(FULL).filter((each) => LOSSES[each] !== 'nothing yet');
      if (used.length > 0) expect(used).toEqual([...needed].sort());
    }, 120_000);

    test('also where it is narrowed to one Deployment and its record, by their names', async () => {
      const [named, others] = [['narrow'], ['rollkey.deployment.narrow']];
      const narrow = FULL.flatMap((rule): readonly PolicyRule[] => {
        if (rule.resources[0] === 'deployments') return [{ ...rule, resourceNames: named }];
        if (rule.resources[0] !== 'configmaps') return [rule];
        // The name of what is not there yet is not looked at.
        return [
          { ...rule, verbs: ['get', 'update'], resourceNames: others },
          { ...rule, verbs: ['create'] },
        ];
      });
      await install('narrow');
      await install('wide');
      expect(warningsOf(await well(deploy(narrow, 'narrow', '1.1')))).toEqual([]);
      await desk.answers('1.1', 'narrow');
      expect(await deploy(narrow, 'wide', '1.1')).toMatchObject({ outputs: { 'reason-code': 'cluster-forbidden' } });
    }, 120_000);

    test('and the smaller one to plan and look', async () => {
      await install('looked-at');
      const since = new Date();
      const plan = await well(
        as(READ, 'plan', { deployment: 'looked-at', release: '1.1', images: `web=${webImage('1.1')}` }),
      );
      expect(plan.outputs).toMatchObject({ outcome: 'planned', mode: 'deploy', 'previous-release': '1.0' });
      expect(warningsOf(plan).join()).toContain(ruleFor('deployments patch'));
      const looked = await well(as(READ, 'history', { deployment: 'looked-at' }));
      expect(looked.outputs['live-release']).toBe('1.0');
      expect(warningsOf(looked)).toEqual([]);
      const used = usedBy((await desk.requestsSince(since)) ?? [], 'looked-at');
      if (used.length > 0) expect(used).toEqual([...permissionsOf(READ), 'deployments patch'].sort());
    }, 120_000);
  });

  describe('without', () => {
    test('every verb is in the table', () => {
      expect(Object.keys(LOSSES).sort()).toEqual([...permissionsOf(FULL)].sort());
    });

    test.concurrent.each(permissionsOf(FULL))(
      '%s',
      async (permission) => {
        const name = permission.replace(/\W/g, '-');
        await install(name);
        const loss = LOSSES[permission];
        // The first release makes the ledger, the second changes it.
        if (permission === 'configmaps update') await well(deploy(FULL, name, '1.1'));
        const run = await deploy(without(FULL, permission), name, '1.2');
        if (loss === 'stops') {
          expect(run).toMatchObject({ exitCode: 1, outputs: { 'reason-code': 'cluster-forbidden', changed: 'false' } });
          expect(run.outputs['message']).toMatch(/^[^\n]+$/);
          expect(run.outputs['message']).toContain(ruleFor(permission));
          await desk.answers('1.0', name);
          return;
        }
        expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded', changed: 'true' } });
        await desk.answers('1.2', name);
        if (loss === 'nothing yet') expect(warningsOf(run)).toEqual([]);
        else expect(warningsOf(run).join('\n')).toMatch(loss as RegExp);
        if (loss !== 'nothing yet') expect(run.log).toContain(ruleFor(permission));
      },
      120_000,
    );

    test.concurrent.each(['nothing', 'events list', 'pods/log get'])(
      '%s, a release that crashes is rolled back and explained by what is left',
      async (permission) => {
        const name = `bad-${permission.replace(/\W/g, '-')}`;
        await install(name);
        const images = `web=${webImage('1.1', 'crash')}`;
        const inputs = { deployment: name, release: '1.1', images, 'fail-fast': 'strict', timeout: '60s' };
        const run = await as(without(FULL, permission), 'root', inputs);
        expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'rolled-back', 'rolled-back-to': '1.0' } });
        await desk.answers('1.0', name);
        const [heading] = run.summary.split('\n');
        expect(heading?.includes('cannot start 1.1')).toBe(permission !== 'pods/log get');
        expect(/Created pod: /.test(run.summary)).toBe(permission !== 'events list');
        expect(run.summary.includes('Not captured')).toBe(permission !== 'nothing');
        expect(run.log.includes('add to its Role')).toBe(permission !== 'nothing');
        if (permission !== 'nothing') expect(run.log).toContain(ruleFor(permission));
      },
      120_000,
    );

    test.concurrent('any right to pods: no pod states, and nothing else', async () => {
      await install('no-pods');
      const run = await well(deploy(without(FULL, 'pods list', 'pods watch'), 'no-pods', '1.1'));
      expect(warningsOf(run)[0]).toContain(ruleFor('pods watch'));
      for (const warning of warningsOf(run)) expect(warning).toContain(`pods in ${desk.namespace}: forbidden`);
    }, 120_000);

    test.concurrent('any right to ConfigMaps: back by stamp, but nothing is restored from the record', async () => {
      await install('no-ledger');
      const rules = without(FULL, 'configmaps get', 'configmaps create', 'configmaps update');
      await well(deploy(rules, 'no-ledger', '1.1'));
      await well(deploy(rules, 'no-ledger', '1.2'));
      const back = await well(as(rules, 'root', { deployment: 'no-ledger', release: '1.1', mode: 'rollback' }));
      expect(back.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.2', 'rolled-back-to': '1.1' });
      expect(await desk.configMap('rollkey.deployment.no-ledger')).toBeUndefined();
      const gone = await as(rules, 'root', { deployment: 'no-ledger', release: '0.9', mode: 'rollback' });
      expect(gone).toMatchObject({ exitCode: 1, outputs: { 'reason-code': 'release-unknown' } });
      expect(gone.outputs['message']).toContain(ruleFor('configmaps get'));
      await desk.answers('1.1', 'no-ledger');
    }, 120_000);

    test.concurrent('the right to ask for Secrets, which the Role does not give: they are not looked for', async () => {
      await desk.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { KEY: 'x' } });
      const container = { envFrom: [{ secretRef: { name: 'keys' } }] };
      await desk.install({ name: 'keyed', image: webImage('1.0'), replicas: 1, container });
      await well(deploy(FULL, 'keyed', '1.0'));
      await well(deploy(FULL, 'keyed', '1.1'));
      const back = await well(as(FULL, 'root', { deployment: 'keyed', release: '1.0', mode: 'rollback' }));
      expect(warningsOf(back)).toEqual([]);
    }, 120_000);
  });

  describe('plan/ and history/ without', () => {
    test.concurrent.each(permissionsOf(READ))(
      '%s',
      async (permission) => {
        const name = `read-${permission.replace(' ', '-')}`;
        await install(name);
        const rules = without(READ, permission);
        const plan = await as(rules, 'plan', { deployment: name, release: '1.0' });
        const looked = await as(rules, 'history', { deployment: name });
        const stops = LOSSES[permission] === 'stops';
        expect([plan.exitCode, looked.exitCode]).toEqual(stops ? [1, 1] : [0, 0]);
        for (const run of [plan, looked]) expect(run.log).toContain(ruleFor(permission));
      },
      120_000,
    );
  });
}

/** As the log has them; annotations repeat some. */
function warningsOf({ log, annotations }: ActionRun): readonly string[] {
  const lines = log.split('\n').filter((line) => line.startsWith('Warning: '));
  return [...lines, ...annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)];
}

/** What was asked for a Deployment, as permissions. */
function usedBy(requests: readonly LoggedRequest[], deployment: string): readonly string[] {
  const ours = requests.filter(({ path, query }) => `${path}?${decodeURIComponent(query)}`.includes(deployment));
  const permissions = [
    ...ours,
    ...requests.filter(({ verb, path }) => verb === 'create' && /configmaps$/.test(path)),
  ].map(({ verb, path }) => `${/\/namespaces\/[^/]+\/(\w+)/.exec(path)?.[1]} ${verb}`);
  return [...new Set(permissions)].sort();
}
