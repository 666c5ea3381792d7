import { afterAll, describe } from '@jest/globals';
import { startBedTestCluster } from '../../sandbox/desk/bed-test-cluster.ts';
import { openGivenTestCluster } from '../../sandbox/desk/given-test-cluster.ts';
import { storiesFor } from './all-stories.ts';
import { raceAll } from './races.ts';
import { tellAll } from './told.ts';

const given = process.env['ROLLKEY_TEST_KUBECONFIG'];
const cluster = given ? await openGivenTestCluster(given) : await startBedTestCluster(console.error);

afterAll(cluster.stop);

describe(given ? 'on the cluster of ROLLKEY_TEST_KUBECONFIG' : 'on the bed', () => {
  tellAll(cluster, storiesFor(cluster));
  raceAll(cluster, 20, 1);
});
