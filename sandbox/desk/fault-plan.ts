/** What can happen to a request, or to the connection it comes over. */
export type FaultKind =
  /** Its connection breaks before it is carried out. */
  | 'reset'
  /** It is carried out, and its connection breaks before the answer. */
  | 'lost-answer'
  /** 429 with a Retry-After of one second. */
  | 'too-many'
  | 'internal'
  | 'unavailable'
  /** 410, of watches only; others pass. */
  | 'gone'
  /** It waits before it goes on. */
  | 'latency'
  /** Nothing is said to anybody for a while; connections stay open. */
  | 'silence'
  /** The connections of all watches break. */
  | 'cut-watches';

export interface FaultOptions {
  readonly seed: number;
  /** What can happen; everything unless given. */
  readonly kinds?: readonly FaultKind[];
  /** Share of requests to which something happens. */
  readonly rate?: number;
  /** After so many faults all goes well. */
  readonly most?: number;
  /** Share of connections that break at one of their first eight requests. */
  readonly cutConnections?: number;
}

export interface FaultPlan {
  /** What happens to the next request that comes over a connection, counted from 1. */
  readonly next: (connection: number) => FaultKind | undefined;
}

const allKinds: readonly FaultKind[] = [
  'reset',
  'lost-answer',
  'too-many',
  'internal',
  'unavailable',
  'gone',
  'latency',
  'cut-watches',
];

/** A plan of faults that a seed repeats: the same requests in the same order meet the same faults. */
export function planFaults({
  seed,
  kinds = allKinds,
  rate = 0.2,
  most = 20,
  cutConnections = 0,
}: FaultOptions): FaultPlan {
  const random = seededRandom(seed);
  const doomed = new Map<number, number>();
  let left = most;
  const cuts = (connection: number): boolean => {
    if (!doomed.has(connection)) {
      const [dies, after] = [random(), random()];
      doomed.set(connection, dies < cutConnections ? 1 + Math.floor(after * 8) : Number.POSITIVE_INFINITY);
    }
    const remaining = (doomed.get(connection) ?? 0) - 1;
    doomed.set(connection, remaining);
    return remaining === 0;
  };
  return {
    next: (connection) => {
      // Drawn also where they are not needed, so that one fault more or less does not shift all others.
      const [cut, happens, which] = [cuts(connection), random(), random()];
      if (left === 0 || (!cut && happens >= rate)) return undefined;
      left -= 1;
      return cut ? 'reset' : kinds[Math.floor(which * kinds.length)];
    },
  };
}

/** Numbers from 0 to 1 that a seed repeats (a linear congruential generator modulo 2^32). */
function seededRandom(seed: number): () => number {
  // Neighbouring seeds are spread out first: their first numbers would be nearly the same.
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
