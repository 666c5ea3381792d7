/** A seed far from those of its neighbours: generators whose seeds follow one another begin alike (the mixer of MurmurHash3). */
export function scattered(seed: number): number {
  const first = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}
