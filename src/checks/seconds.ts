/** Milliseconds for people: `5 s`. */
export function secondsOf(ms: number): string {
  return `${ms / 1_000} s`;
}
