const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Seconds as people say them, in one unit or two: `42s`, `1m 5s`, `12m`, `3d 4h`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [start, next] = [UNITS[first], UNITS[first + 1]];
  if (!start) {
    return seconds > 0 ? '<1s' : '0s';
  }
  const count = Math.floor(whole / start[1]);
  const rest = next && count < 10 ? Math.floor((whole % start[1]) / next[1]) : 0;
  const greatest = `${count}${start[0]}`;
  return next && rest > 0 ? `${greatest} ${rest}${next[0]}` : greatest;
}

/** How long ago an ISO 8601 time was; `now` in milliseconds since the epoch; empty for what is no time. */
export function formatAge(at: string, now: number): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? '' : formatSeconds((now - time) / 1000);
}
