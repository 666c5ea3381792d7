import type { ClusterClock } from '../cluster-clock.ts';
import type { ObjectStore, StoreEvent } from '../store/object-store.ts';

export interface Controller {
  /** The keys (`namespace/name`) to look at after a change in the store. */
  readonly keysOf: (event: StoreEvent) => readonly string[];
  /** Brings one object closer to what it shall be; may ask to be called again after some milliseconds. */
  readonly sync: (key: string, again: (afterMs: number) => void) => void;
}

export type ControllerLoop = ReturnType<typeof startControllers>;

/** Runs controllers from deduplicating work queues, one key a turn, so that what lies between two syncs can be observed. */
export const startControllers = (store: ObjectStore, clock: ClusterClock, controllers: readonly Controller[]) => {
  const queues = controllers.map(createQueue);
  let paused = false;
  let turn: NodeJS.Immediate | undefined;

  const schedule = (): void => {
    const waiting = queues.some(({ keys }) => keys.size > 0);
    if (!paused && waiting && turn === undefined) turn = setImmediate(run);
  };

  const run = (): void => {
    turn = undefined;
    // A turn may have been waiting when the controllers were paused.
    if (paused) return;
    for (const queue of queues) {
      const key = queue.keys.values().next().value;
      if (key !== undefined) work(queue, key);
    }
    schedule();
  };

  const work = (queue: Queue, key: string): void => {
    const { controller, keys, failures } = queue;
    const again = (afterMs: number): void => enqueueAfter(queue, key, afterMs);
    keys.delete(key);
    try {
      controller.sync(key, again);
      failures.delete(key);
    } catch {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      again(Math.min(5 * 2 ** count, 1000));
    }
  };

  /** The earliest time asked for wins, as in client-go's delaying queue. */
  const enqueueAfter = ({ keys, delayed }: Queue, key: string, afterMs: number): void => {
    const at = clock.now() + afterMs;
    const earlier = delayed.get(key);
    if (earlier !== undefined && earlier.at <= at) return;
    earlier?.cancel();
    const cancel = clock.after(afterMs, () => {
      delayed.delete(key);
      keys.add(key);
      schedule();
    });
    delayed.set(key, { at, cancel });
  };

  const unsubscribe = store.subscribe((event) => {
    for (const { controller, keys } of queues) for (const key of controller.keysOf(event)) keys.add(key);
    schedule();
  });

  return {
    /** Lets changes queue up without acting on them, as if the controller manager were down. */
    pause: (): void => {
      paused = true;
    },
    resume: (): void => {
      paused = false;
      schedule();
    },
    stop: (): void => {
      unsubscribe();
      clearImmediate(turn);
      paused = true;
    },
  };
};

type Queue = ReturnType<typeof createQueue>;

const createQueue = (controller: Controller) => ({
  controller,
  keys: new Set<string>(),
  failures: new Map<string, number>(),
  delayed: new Map<string, { readonly at: number; readonly cancel: () => void }>(),
});
