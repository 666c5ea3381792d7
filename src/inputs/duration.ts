const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000 } as const;
const DURATION = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds of `90s`, `10m` or `1h30m`; undefined for anything else, zero included. */
export function parseDuration(text: string): number | undefined {
  const [, h = '0', m = '0', s = '0'] = DURATION.exec(text.trim()) ?? [];
  const ms = Number(h) * UNIT_MS.h + Number(m) * UNIT_MS.m + Number(s) * UNIT_MS.s;
  return ms > 0 ? ms : undefined;
}
