/** Nodes whose kubelet is down, and what waits for it. */
export interface SilentNodes {
  readonly silence: (node: string) => void;
  /** Lets all that waited go on. */
  readonly wake: (node: string) => void;
  /** Does it now, or once the node's kubelet is up again; until then `timers` holds how to call it off. */
  readonly onceUp: (node: string, timers: Set<() => void>, action: () => void) => void;
}

export const createSilentNodes = (): SilentNodes => {
  const silent = new Map<string, Set<() => void>>();
  return {
    silence: (node) => {
      if (!silent.has(node)) silent.set(node, new Set());
    },
    wake: (node) => {
      const waiting = silent.get(node) ?? [];
      silent.delete(node);
      for (const resume of waiting) resume();
    },
    onceUp: (node, timers, action) => {
      const waiting = silent.get(node);
      if (waiting === undefined) {
        action();
        return;
      }
      const resume = (): void => {
        timers.delete(drop);
        action();
      };
      const drop = (): void => {
        waiting.delete(resume);
      };
      waiting.add(resume);
      timers.add(drop);
    },
  };
};
