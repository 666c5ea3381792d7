import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { accident } from './accident.ts';
import { forwardAndBack } from './forward-and-back.ts';
import type { Story } from './story.ts';

const stories: readonly Story[] = [...forwardAndBack, ...accident];

/** The stories that this kind of cluster can tell. */
export function storiesFor({ kind }: TestCluster): readonly Story[] {
  return stories.filter(({ only }) => only === undefined || only === kind);
}
