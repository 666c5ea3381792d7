import { afterAll, describe } from '@jest/globals';
import { storiesFor } from './all-stories.ts';
import { disturbAll } from './api-faults.ts';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { killAll, measureErrands } from './kills.ts';
import { raceAll } from './races.ts';
import { tellAll, tellAlone } from './telling.ts';

const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

const lengths = await measureErrands(cluster);

describe(`on the ${cluster.kind} cluster`, () => {
  tellAll(cluster, storiesFor(cluster));
  raceAll(cluster, 20, 1);
  killAll(cluster, lengths, 20, 1);
  disturbAll(cluster, 10, 1, 'full');
  tellAlone(cluster, storiesFor(cluster));
});
