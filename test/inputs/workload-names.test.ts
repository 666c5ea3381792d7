import { describe, expect, test } from '@jest/globals';
import { namespaceProblem, parseWorkloadNames } from '../../src/inputs/workload-names.ts';

describe('deployment', () => {
  test.each([
    ['web', ['deployment/web']],
    ['web, api', ['deployment/web', 'deployment/api']],
    ['web\napi\r\nworker\n', ['deployment/web', 'deployment/api', 'deployment/worker']],
    [' web ,, \n api ', ['deployment/web', 'deployment/api']],
    ['web, deployment/web, deployments.apps/web, Deployment/web, deploy/web', ['deployment/web']],
    ['statefulset/db, sts/db, StatefulSets.apps/db, statefulset.apps/db', ['statefulset/db']],
    ['daemonset/agent, ds/agent, daemonsets/agent', ['daemonset/agent']],
    ['db, statefulset/db', ['deployment/db', 'statefulset/db']],
    ['web.v2', ['deployment/web.v2']],
    ['a'.repeat(253), [`deployment/${'a'.repeat(253)}`]],
  ])('%j', (text, names) => {
    const { workloads, problems } = parseWorkloadNames(text);
    expect(workloads.map(({ kind, name }) => `${kind}/${name}`)).toEqual(names);
    expect(problems).toEqual([]);
  });

  const known = 'not supported; name a deployment, a statefulset or a daemonset';
  const rule = 'is not a name that Kubernetes allows: use a-z, 0-9, - and ., at most 253 characters';

  test.each([
    ['', 'deployment is empty: name one or more Deployments'],
    [' ,\n', 'deployment is empty: name one or more Deployments'],
    ['Web', `deployment "Web" ${rule}`],
    ['we_b', `deployment "we_b" ${rule}`],
    ['-web', `deployment "-web" ${rule}`],
    ['web..v2', `deployment "web..v2" ${rule}`],
    ['deployment/', `deployment "" ${rule}`],
    ['*', `deployment "*" ${rule}`],
    ['a'.repeat(300), `deployment "${'a'.repeat(79)}…" ${rule}`],
    ['web\u001b[31m', `deployment "web\u{FFFD}[31m" ${rule}`],
    ['statefulset/D_b', `statefulset "D_b" ${rule}`],
    ['statefulset/db/x', `statefulset "db/x" ${rule}`],
    ['shop/web', `deployment "shop/web": shop is ${known}`],
    ['/web', `deployment "/web":  is ${known}`],
    ['../../secrets/x', `deployment "../../secrets/x": .. is ${known}`],
  ])('%j is refused', (text, problem) => {
    expect(parseWorkloadNames(text).problems).toEqual([problem]);
  });

  test('every wrong name is said, each once', () => {
    expect(parseWorkloadNames('A, web, B, A').problems).toHaveLength(2);
  });
});

describe('namespace', () => {
  test.each(['', 'shop', 'team-1', 'a'.repeat(63)])('%j', (name) => {
    expect(namespaceProblem(name)).toBeUndefined();
  });

  test.each(['Shop', 'a.b', 'a/b', '-a', 'a-', 'a'.repeat(64), 'a b', '..', 'a\nb'])('%j is refused', (name) => {
    const problem = namespaceProblem(name);
    expect(problem).toContain('is not a name that Kubernetes allows: use a-z, 0-9, -, at most 63 characters');
    expect(problem).not.toContain('\n');
  });
});
