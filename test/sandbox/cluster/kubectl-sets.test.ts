import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { eventually, imageOf } from './cluster-fixture.ts';
import { createKubectl, hasKubectl, type Kubectl } from './kubectl-fixture.ts';
import {
  daemonSetManifest,
  isDaemonSetRolledOut,
  isStatefulSetRolledOut,
  podsOf,
  releasesByPod,
  releasesByRevision,
  statefulSetManifest,
} from './set-fixture.ts';

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
  const kinds = [
    { kind: 'statefulset', manifest: statefulSetManifest, rolledOut: isStatefulSetRolledOut, pods: 3 },
    { kind: 'daemonset', manifest: daemonSetManifest, rolledOut: isDaemonSetRolledOut, pods: 1 },
  ] as const;

  test.each(kinds)('$kind: apply, set image, rollout status, history, undo and restart', async (given) => {
    const { kind, manifest, rolledOut } = given;
    const name = `rolled-${kind}`;
    const object = `${kind}/${name}`;
    expect(await kubectl('apply', '-f', program.file(`${name}.json`, manifest(name, '1.0')))).toBe(
      `${kind}.apps/${name} created`,
    );
    await eventually(() => rolledOut(cluster, name));
    const patch = {
      metadata: { annotations: { 'kubernetes.io/change-cause': '1.1' } },
      spec: { template: { spec: { containers: [{ name: 'web', image: imageOf('1.1') }] } } },
    };
    await kubectl('patch', object, '-p', JSON.stringify(patch));
    expect(await kubectl('rollout', 'status', object)).toMatch(
      /partitioned roll out complete: 3 new pods have been updated|successfully rolled out/,
    );
    expect(await kubectl('rollout', 'history', object)).toMatch(/\n1 +1\.0\n2 +1\.1$/);
    expect(await kubectl('rollout', 'history', object, '--revision=1')).toContain(`Image:\t${imageOf('1.0')}`);
    expect(await kubectl('rollout', 'undo', object)).toBe(`${kind}.apps/${name} rolled back`);
    await kubectl('rollout', 'status', object);
    expect(await kubectl('rollout', 'history', object)).toMatch(/\n2 +1\.1\n3 +1\.0$/);
    expect(Object.values(releasesByPod(cluster, name))).toEqual(Array(given.pods).fill('1.0'));
    const before = podsOf(cluster, name).map(({ metadata }) => metadata.uid);
    await kubectl('rollout', 'restart', object);
    await kubectl('rollout', 'status', object);
    expect(podsOf(cluster, name).filter(({ metadata }) => before.includes(metadata.uid))).toEqual([]);
    expect(releasesByRevision(cluster, name)).toEqual({ 2: '1.1', 3: '1.0', 4: '1.0' });
    expect(await refusal('rollout', 'undo', object, '--to-revision=9')).toContain(
      'unable to find specified revision 9',
    );
  });

  test('rollout status asks for a rolling update', async () => {
    const manifest = statefulSetManifest('manual', '1.0', { updateStrategy: { type: 'OnDelete' } });
    await kubectl('apply', '-f', program.file('manual.json', manifest));
    expect(await refusal('rollout', 'status', 'sts/manual')).toContain(
      'rollout status is only available for RollingUpdate strategy type',
    );
  });

  test('get prints rows, scale resizes, delete takes everything along', async () => {
    await kubectl('apply', '-f', program.file('db.json', statefulSetManifest('db', '1.0')));
    await kubectl('apply', '-f', program.file('agent.json', daemonSetManifest('agent', '1.0')));
    await kubectl('scale', 'statefulset/db', '--replicas=2');
    await kubectl('rollout', 'status', 'statefulset/db');
    await kubectl('rollout', 'status', 'ds/agent');
    await eventually(() => (podsOf(cluster, 'db').length === 2 ? true : undefined));
    expect(await kubectl('get', 'sts', 'db')).toMatch(/^NAME +READY +AGE\ndb +2\/2 +\d+s$/);
    expect(await kubectl('get', 'ds', 'agent')).toMatch(
      /^NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE\nagent +1 +1 +1 +1 +1 +<none> +\d+s$/,
    );
    expect(await kubectl('get', 'controllerrevisions', '-l', 'app=db')).toMatch(
      /^NAME +CONTROLLER +REVISION +AGE\ndb-\w+ +statefulset\.apps\/db +1 +\d+s$/,
    );
    await kubectl('delete', 'sts/db', 'ds/agent');
    await eventually(() => (podsOf(cluster, 'db').length === 0 ? true : undefined));
    expect(await refusal('get', 'sts', 'db')).toBe('Error from server (NotFound): statefulsets.apps "db" not found');
  });

  test('a server-side dry run changes nothing', async () => {
    await kubectl('apply', '-f', program.file('still.json', statefulSetManifest('still', '1.0')));
    await eventually(() => isStatefulSetRolledOut(cluster, 'still'));
    const changed = program.file('still.json', statefulSetManifest('still', '1.1'));
    expect(await kubectl('apply', '--dry-run=server', '-f', changed)).toBe(
      'statefulset.apps/still configured (server dry run)',
    );
    expect(releasesByRevision(cluster, 'still')).toEqual({ 1: '1.0' });
  });
});
