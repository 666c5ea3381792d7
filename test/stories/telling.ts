import { test } from '@jest/globals';
import { openDesk } from '../../sandbox/desk/desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import type { Story } from './story.ts';

/** One test a story, several at once, each at a desk of its own. */
export function tellAll(cluster: TestCluster, stories: readonly Story[]): void {
  test.concurrent.each(stories.map((story) => [story.title, story] as const))(
    '%s',
    async (_title, { tell }) => {
      const desk = await openDesk(cluster);
      try {
        await tell(desk);
      } finally {
        await desk.close();
      }
    },
    180_000,
  );
}
