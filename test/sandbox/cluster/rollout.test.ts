import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { deploymentManifest, eventually, isRolledOut } from './cluster-fixture.ts';

let cluster: EmbeddedCluster;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterAll(() => cluster.stop());

describe('a Deployment', () => {
  test('comes up with its replicas, available and observed', async () => {
    cluster.objects.apply(deploymentManifest('web', '1.0'));
    const { status, metadata } = await eventually(() => isRolledOut(cluster, 'web'));
    expect(status).toMatchObject({
      observedGeneration: metadata.generation,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
    expect(metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
  });
});
