/** Errors that are waiting for calls: each meets the next call of its kind, and is gone then. */
export interface Faults<Call extends string> {
  /** Throws the error, or does the deed, at the next `times` calls. */
  at(call: Call, what: Error | (() => void), times?: number): void;
  meet(call: Call): void;
  /** Nothing waits any more. */
  clear(): void;
}

export function createFaults<Call extends string>(): Faults<Call> {
  const waiting: { call: Call; what: Error | (() => void); times: number }[] = [];
  return {
    at: (call, what, times = 1) => void waiting.push({ call, what, times }),
    clear: () => void waiting.splice(0),
    meet(call) {
      const found = waiting.find((fault) => fault.call === call && fault.times > 0);
      if (!found) return;
      found.times -= 1;
      if (found.what instanceof Error) throw found.what;
      found.what();
    },
  };
}
