export type ClusterClock = ReturnType<typeof createClusterClock>;

/** The cluster's own time: starts at the real time and runs `scale` times as fast; `stop` cancels what is pending. */
export const createClusterClock = (scale: number) => {
  const start = Date.now();
  const pending = new Set<NodeJS.Timeout>();

  /** Milliseconds since the epoch, in cluster time. */
  const now = (): number => start + (Date.now() - start) * scale;

  /** Runs the action after that many milliseconds of cluster time; returns how to cancel it. */
  const after = (ms: number, action: () => void): (() => void) => {
    const timer = setTimeout(
      () => {
        pending.delete(timer);
        action();
      },
      Math.min(Math.max(ms, 0) / scale, longestTimer),
    );
    pending.add(timer);
    return () => {
      pending.delete(timer);
      clearTimeout(timer);
    };
  };

  return {
    now,
    after,
    /** The current second as `metav1.Time` is written. */
    timestamp: (): string => `${new Date(now()).toISOString().slice(0, 19)}Z`,
    stop: (): void => {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
};

/** Node fires a timer at once when the delay does not fit 31 bits. */
const longestTimer = 2 ** 31 - 1;
