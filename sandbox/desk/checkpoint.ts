import type { ApiAccess } from './api-client.ts';
import { type Fate, type Front, openFront, type Passing } from './front.ts';

export type { Passing };

/** Lets something happen between two requests of somebody: whatever `meet` does is done before the request goes on. */
export type Meet = (passing: Passing) => void | Promise<void>;

/** Stands between somebody and an API server: every request is met, then goes on unchanged. */
export function openCheckpoint(access: ApiAccess, meet: Meet): Promise<Front> {
  return openFront(access, async (passing): Promise<Fate> => {
    await meet(passing);
    return 'pass';
  });
}

/** Stands between somebody and an API server, and breaks the connections of all watches every so many milliseconds. */
export async function openWatchCutter(access: ApiAccess, everyMs: number): Promise<Front> {
  const front = await openFront(access, () => 'pass');
  const timer = setInterval(front.cutWatches, everyMs);
  return {
    ...front,
    close: () => {
      clearInterval(timer);
      return front.close();
    },
  };
}
