import { afterAll, describe } from '@jest/globals';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { healthyReleaseStories } from './healthy-releases.ts';
import { tellAll, tellAlone } from './telling.ts';

const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

const rounds = [1, 2, 3];

describe(`healthy releases on the ${cluster.kind} cluster`, () => {
  const stories = rounds.flatMap((round) =>
    healthyReleaseStories
      .filter(({ needsMachinery = false }) => !needsMachinery || cluster.machinery !== undefined)
      .map((story) => ({ ...story, title: `${story.title} (round ${round})` })),
  );
  tellAll(cluster, stories);
  tellAlone(cluster, stories);
});
