import { test } from '@jest/globals';
import { openDesk } from '../../sandbox/desk/desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import type { Story } from './story.ts';

/** One test a story, several at once, each at a desk of its own; without those that are told alone. */
export function tellAll(cluster: TestCluster, stories: readonly Story[]): void {
  const together = stories.filter(({ alone = false }) => !alone);
  test.concurrent.each(together.map(titled))('%s', (_title, story) => tellOne(cluster, story), LONGEST_MS);
}

/** One test after the other, of the stories that would disturb others; to be called after all that runs at once. */
export function tellAlone(cluster: TestCluster, stories: readonly Story[]): void {
  const alone = stories.filter((story) => story.alone);
  if (alone.length > 0) test.each(alone.map(titled))('%s', (_title, story) => tellOne(cluster, story), LONGEST_MS);
}

const LONGEST_MS = 360_000;

function titled(story: Story): readonly [string, Story] {
  return [story.title, story];
}

async function tellOne(cluster: TestCluster, { tell }: Story): Promise<void> {
  const desk = await openDesk(cluster);
  try {
    await tell(desk);
  } finally {
    await desk.close();
  }
}
