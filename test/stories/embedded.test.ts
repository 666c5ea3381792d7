import { afterAll, describe } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { storiesFor } from './all-stories.ts';
import { raceAll } from './races.ts';
import { tellAll, tellAlone } from './telling.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

describe('on the embedded cluster', () => {
  tellAll(cluster, storiesFor(cluster, 'releases'));
  raceAll(cluster, 10, 1);
  tellAlone(cluster, storiesFor(cluster, 'releases'));
});
