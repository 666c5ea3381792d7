import type { ApiAccess } from './api-client.ts';
import { type Answered, type Fate, type Front, openFront, type Passing } from './front.ts';

export type { Answered, Passing };

/** Lets something happen between two requests of somebody: whatever `meet` does is done before the request goes on. */
export type Meet = (passing: Passing) => void | Promise<void>;

/** Stands between somebody and an API server: every request is met, then goes on unchanged. */
export function openCheckpoint(access: ApiAccess, meet: Meet, answered?: Answered): Promise<Front> {
  const decide = async (passing: Passing): Promise<Fate> => {
    await meet(passing);
    return 'pass';
  };
  return openFront(access, decide, answered);
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
