import { describe, expect, test } from '@jest/globals';
import { namespaceProblem, parseWorkloadNames } from '../../src/inputs/workload-names.ts';

describe('deployment', () => {
  test.each([
    ['web', ['web']],
    ['web, api', ['web', 'api']],
    ['web\napi\r\nworker\n', ['web', 'api', 'worker']],
    [' web ,, \n api ', ['web', 'api']],
    ['web, deployment/web, deployments.apps/web, Deployment/web, deploy/web', ['web']],
    ['web.v2', ['web.v2']],
    ['a'.repeat(253), ['a'.repeat(253)]],
  ])('%j', (text, names) => {
    expect(parseWorkloadNames(text)).toEqual({ names, problems: [] });
  });

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
    ['statefulset/db', 'deployment "statefulset/db": statefulset is not supported yet; name a Deployment'],
    ['shop/web', 'deployment "shop/web": shop is not supported yet; name a Deployment'],
    ['../../secrets/x', 'deployment "../../secrets/x": .. is not supported yet; name a Deployment'],
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
