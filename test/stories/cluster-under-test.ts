import { startBedTestCluster } from '../../sandbox/desk/bed-test-cluster.ts';
import { openGivenTestCluster } from '../../sandbox/desk/given-test-cluster.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';

/** The cluster of ROLLKEY_TEST_KUBECONFIG, else a bed of its own. */
export function openClusterUnderTest(): Promise<TestCluster> {
  const given = process.env['ROLLKEY_TEST_KUBECONFIG'];
  return given ? openGivenTestCluster(given) : startBedTestCluster(console.error);
}
