/** Random choices that a seed repeats (a linear congruential generator modulo 2^32). */
export interface Seeded {
  /** From 0 to `below`, which is excluded. */
  readonly integer: (below: number) => number;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const integer = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { integer, pick: ([first, ...rest]) => [first, ...rest][integer(rest.length + 1)] ?? first };
}
