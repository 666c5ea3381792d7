import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { loadAll } from 'js-yaml';
import type { PolicyRule } from '../../sandbox/desk/grant.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { breakByHand, installSet, type Kind, NAMES, rollSet } from './kinds-desk.ts';
import { FULL } from './least-rights.ts';
import { type Story, well } from './story.ts';

interface Role {
  readonly metadata: { readonly name: string };
  readonly rules: readonly PolicyRule[];
}

const roles = loadAll(readFileSync('examples/role-sets.yaml', 'utf8')) as readonly Role[];

function rulesOf(name: string): readonly PolicyRule[] {
  const role = roles.find(({ metadata }) => metadata.name === name);
  if (!role) throw new Error(`examples/role-sets.yaml has no Role ${name}`);
  return role.rules;
}

/** What the Role for Deployments gives beside them. */
const AROUND = FULL.filter(({ resources }) => !resources.some((each) => ['deployments', 'replicasets'].includes(each)));

/** All that a run on sets may need. */
export const rulesForSets: readonly PolicyRule[] = [...AROUND, ...rulesOf('rollkey-sets')];

const enough = (kind: Kind): Story => ({
  title: `${kind}: the Role of examples/ is enough to deploy and to roll back`,
  tell: async (desk) => {
    await installSet(desk, kind, webImage('1.0'));
    const other = kind === 'statefulset' ? 'daemonsets' : 'statefulsets';
    const rules = rulesOf('rollkey-sets').filter(({ resources }) => !resources.includes(other));
    const kubeconfig = await desk.kubeconfigFor([...AROUND, ...rules]);
    const forward = await well(rollSet(desk, kind, { kubeconfig, release: '1.1', images: `web=${webImage('1.1')}` }));
    const back = await well(rollSet(desk, kind, { kubeconfig, release: '1.0', mode: 'rollback' }));
    for (const { log } of [forward, back]) expect(log).not.toContain('forbidden');
    await desk.answers('1.0', NAMES[kind]);
  },
});

export const kindsRights: readonly Story[] = [
  enough('statefulset'),
  enough('daemonset'),
  {
    title: 'statefulset: forced-rollback without the right to delete pods names the rule, and the pod',
    tell: async (desk) => {
      await installSet(desk, 'statefulset', webImage('1.0'));
      await well(rollSet(desk, 'statefulset', { release: '1.1', images: `web=${webImage('1.1')}` }));
      await breakByHand(desk, 'statefulset', webImage('1.2', 'crash'));
      const inputs = { release: '1.0', mode: 'rollback', 'forced-rollback': 'true' };
      const without = await rollSet(desk, 'statefulset', {
        ...inputs,
        kubeconfig: await desk.kubeconfigFor(rulesForSets),
      });
      expect([without.exitCode, without.outputs['reason-code']]).toEqual([1, 'held-up']);
      expect(without.log).toMatch(/pod .*\/db-2: forbidden to delete .*resources \["pods"\], verbs \["delete"\]/);
      expect(without.outputs['message']).toContain('kubectl delete pod db-2');

      const kubeconfig = await desk.kubeconfigFor([...rulesForSets, ...rulesOf('rollkey-forced-rollback')]);
      await well(rollSet(desk, 'statefulset', { ...inputs, kubeconfig }));
      await desk.answers('1.0', 'db');
    },
  },
];
