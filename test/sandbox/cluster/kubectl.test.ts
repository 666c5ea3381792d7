import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { Deployment } from '../../../sandbox/cluster/model/workload-objects.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut, revisions } from './cluster-fixture.ts';
import { createKubectl, hasKubectl, type Kubectl } from './kubectl-fixture.ts';

/** Skipped, and reported as skipped, where there is no kubectl. */
(hasKubectl() ? describe : describe.skip)('the real kubectl', () => {
  let cluster: EmbeddedCluster;
  let program: Kubectl;
  beforeAll(async () => {
    cluster = await startCluster({ namespaces: ['shop'] });
    program = createKubectl(cluster);
  });
  afterAll(async () => {
    await cluster.stop();
    program.remove();
  });

  const kubectl = (...args: string[]) => program.run(...args);
  const refusal = (...args: string[]) => program.refusal(...args);
  const file = (name: string, content: unknown) => program.file(name, content);
  const deployment = (name: string) => cluster.objects.get<Deployment>('deployments', 'shop', name);
  const applied = async (name: string, release = '1.0'): Promise<string> => {
    const path = file(`${name}.json`, deploymentManifest(name, release));
    await kubectl('apply', '-f', path);
    await eventually(() => isRolledOut(cluster, name));
    return path;
  };

  test('apply creates, then leaves unchanged, then configures', async () => {
    const path = file('web.json', deploymentManifest('web', '1.0'));
    expect(await kubectl('apply', '-f', path)).toBe('deployment.apps/web created');
    expect(await kubectl('apply', '-f', path)).toBe('deployment.apps/web unchanged');
    file('web.json', deploymentManifest('web', '1.1'));
    expect(await kubectl('apply', '-f', path)).toBe('deployment.apps/web configured');
    expect(deployment('web').spec.template.spec.containers[0]?.image).toBe(imageOf('1.1'));
  });

  test('apply refuses a field that Kubernetes does not know', async () => {
    const path = file('unknown.json', deploymentManifest('unknown', '1.0', { nonsense: true }));
    expect(await refusal('apply', '-f', path)).toContain('strict decoding error: unknown field "spec.nonsense"');
  });

  test('apply --server-side owns fields, conflicts with other owners and can be forced', async () => {
    const path = file('ssa.json', deploymentManifest('ssa', '1.0'));
    expect(await kubectl('apply', '--server-side', '-f', path)).toBe('deployment.apps/ssa serverside-applied');
    await kubectl('set', 'image', 'deployment/ssa', `web=${imageOf('1.1')}`);
    expect(await refusal('apply', '--server-side', '-f', path)).toContain(
      'conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers[name="web"].image',
    );
    await kubectl('apply', '--server-side', '--force-conflicts', '-f', path);
    expect(deployment('ssa').spec.template.spec.containers[0]?.image).toBe(imageOf('1.0'));
  });

  test('set image, rollout status, history and undo', async () => {
    await applied('rolled');
    await kubectl('set', 'image', 'deployment/rolled', `web=${imageOf('1.1')}`);
    await kubectl('annotate', 'deployment/rolled', 'kubernetes.io/change-cause=1.1', '--overwrite');
    expect(await kubectl('rollout', 'status', 'deployment/rolled')).toContain('successfully rolled out');
    const first = revisions(cluster, 'rolled')['1']?.metadata.uid;
    expect(await kubectl('rollout', 'history', 'deployment/rolled')).toMatch(/\n1 +1\.0\n2 +1\.1$/);
    expect(await kubectl('rollout', 'history', 'deployment/rolled', '--revision=1')).toContain(
      `Image:\t${imageOf('1.0')}`,
    );
    expect(await kubectl('rollout', 'undo', 'deployment/rolled')).toBe('deployment.apps/rolled rolled back');
    await kubectl('rollout', 'status', 'deployment/rolled');
    expect(await kubectl('rollout', 'history', 'deployment/rolled')).toMatch(/\n2 +1\.1\n3 +1\.0$/);
    expect(revisions(cluster, 'rolled')['3']?.metadata.uid).toBe(first);
    expect(await kubectl('rollout', 'undo', 'deployment/rolled', '--to-revision=3')).toContain('skipped rollback');
    expect(await refusal('rollout', 'undo', 'deployment/rolled', '--to-revision=9')).toContain(
      'unable to find specified revision 9',
    );
  });

  test('rollout status tells of an exceeded deadline', async () => {
    const path = file('slow.json', deploymentManifest('slow', '1.0-unready', { progressDeadlineSeconds: 1 }));
    await kubectl('apply', '-f', path);
    expect(await refusal('rollout', 'status', 'deployment/slow')).toContain(
      'deployment "slow" exceeded its progress deadline',
    );
  });

  test('pause, resume and restart', async () => {
    await applied('held');
    expect(await kubectl('rollout', 'pause', 'deployment/held')).toBe('deployment.apps/held paused');
    expect(await refusal('rollout', 'pause', 'deployment/held')).toContain('already paused');
    expect(await refusal('rollout', 'restart', 'deployment/held')).toContain("can't restart paused deployment");
    expect(await kubectl('rollout', 'resume', 'deployment/held')).toBe('deployment.apps/held resumed');
    await kubectl('rollout', 'restart', 'deployment/held');
    await kubectl('rollout', 'status', 'deployment/held');
    expect(await kubectl('rollout', 'history', 'deployment/held')).toMatch(/\n1 +1\.0\n2 +1\.0$/);
  });

  test('scale, label, annotate and patch', async () => {
    await applied('changed');
    await kubectl('scale', 'deployment/changed', '--replicas=3');
    await kubectl('label', 'deployment/changed', 'tier=front');
    await kubectl('annotate', 'deployment/changed', 'note=a', 'kubernetes.io/change-cause-');
    await kubectl('patch', 'deployment', 'changed', '--type=merge', '-p', '{"spec":{"minReadySeconds":1}}');
    await kubectl(
      'patch',
      'deployment',
      'changed',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/metadata/labels/a","value":"b"}]',
    );
    const env = '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}';
    await kubectl('patch', 'deployment', 'changed', '-p', env);
    const { metadata, spec } = deployment('changed');
    expect(metadata).toMatchObject({ labels: { tier: 'front', a: 'b' }, annotations: { note: 'a' } });
    expect(metadata.annotations).not.toHaveProperty('kubernetes.io/change-cause');
    expect(spec).toMatchObject({ replicas: 3, minReadySeconds: 1 });
    expect(spec.template.spec.containers).toMatchObject([
      { name: 'web', image: imageOf('1.0'), env: [{ name: 'A', value: '1' }] },
    ]);
    const failing = '[{"op":"test","path":"/metadata/generation","value":99}]';
    expect(await refusal('patch', 'deployment', 'changed', '--type=json', '-p', failing)).toContain(
      'the server rejected our request',
    );
  });

  test('get prints rows, YAML, JSON and single fields', async () => {
    await applied('shown');
    expect(await kubectl('get', 'deployment', 'shown')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nshown +2\/2 +2 +2 +\d+s$/,
    );
    expect(await kubectl('get', 'deploy', 'shown', '-o', 'yaml')).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/);
    expect(JSON.parse(await kubectl('get', 'deploy', 'shown', '-o', 'json'))).toMatchObject({ spec: { replicas: 2 } });
    expect(await kubectl('get', 'pods', '-l', 'app=shown', '-o', 'jsonpath={.items[*].status.phase}')).toBe(
      'Running Running',
    );
    expect(await kubectl('get', 'rs,pods', '-l', 'app=shown', '-o', 'wide')).toContain(imageOf('1.0'));
  });

  test('create makes objects from flags and from files', async () => {
    await kubectl('create', 'namespace', 'made');
    await kubectl('create', 'deployment', 'made', `--image=${imageOf('1.0')}`, '--replicas=1', '-n', 'made');
    expect(await kubectl('rollout', 'status', 'deployment/made', '-n', 'made')).toContain('successfully rolled out');
    await kubectl('create', 'configmap', 'settings', '--from-literal=a=1', '-n', 'made');
    await kubectl('create', 'secret', 'generic', 'keys', '--from-literal=a=1', '-n', 'made');
    expect(await kubectl('get', 'configmap', 'settings', '-n', 'made', '-o', 'jsonpath={.data.a}')).toBe('1');
    expect(await kubectl('get', 'secret', 'keys', '-n', 'made', '-o', 'jsonpath={.data.a}')).toBe('MQ==');
    const map = file('map.json', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } });
    await kubectl('create', '-f', map);
    expect(await refusal('create', '-f', map)).toContain('configmaps "map" already exists');
    expect(await kubectl('auth', 'can-i', 'patch', 'deployments')).toBe('yes');
  });

  test('delete takes everything along, a namespace too', async () => {
    await applied('doomed');
    expect(await kubectl('delete', 'deployment', 'doomed')).toContain('"doomed" deleted');
    await eventually(() => (Object.keys(revisions(cluster, 'doomed')).length === 0 ? true : undefined));
    expect(await refusal('get', 'deployment', 'doomed')).toBe(
      'Error from server (NotFound): deployments.apps "doomed" not found',
    );
    await applied('foreground');
    await kubectl('delete', 'deployment', 'foreground', '--cascade=foreground');
    expect(
      cluster.objects.list('pods', 'shop').filter(({ metadata }) => metadata.labels?.['app'] === 'foreground'),
    ).toEqual([]);
    await applied('orphaned');
    await kubectl('delete', 'deployment', 'orphaned', '--cascade=orphan');
    const left = cluster.objects
      .list('replicaSets', 'shop')
      .filter(({ metadata }) => metadata.labels?.['app'] === 'orphaned');
    expect(left.map(({ metadata }) => metadata.ownerReferences ?? [])).toEqual([[]]);
    await kubectl('create', 'namespace', 'brief');
    await kubectl('create', 'configmap', 'inside', '-n', 'brief');
    await kubectl('delete', 'namespace', 'brief');
    expect(await refusal('get', 'namespace', 'brief')).toContain('not found');
    await eventually(() => (cluster.objects.list('configMaps', 'brief').length === 0 ? true : undefined));
  });
});
