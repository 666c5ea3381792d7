import { afterAll, describe } from '@jest/globals';
import { storiesFor } from './all-stories.ts';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { raceAll } from './races.ts';
import { tellAll, tellAlone } from './telling.ts';

const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

describe(`on the ${cluster.kind} cluster`, () => {
  tellAll(cluster, storiesFor(cluster));
  raceAll(cluster, 20, 1);
  tellAlone(cluster, storiesFor(cluster));
});
