const UNIT_MS = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const DURATION = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;
/** Longer than any job may run, and well below the longest timer that Node.js can set. */
const LONGEST_MS = 120 * 3_600_000;

/**
 * Milliseconds of a duration as the Compose specification writes it: `10s`, `1m30s`, `500ms`, `1.5s`; a plain 0 is zero.
 * Undefined for anything else, and beyond 120 h.
 */
export function parseComposeDuration(value: unknown): number | undefined {
  if (value === 0 || value === '0') return 0;
  if (typeof value !== 'string' || !DURATION.test(value)) return undefined;
  const parts = [...value.matchAll(PART)].map(
    ([, amount, unit]) => Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS],
  );
  const ms = Math.round(parts.reduce((sum, part) => sum + part, 0));
  return ms <= LONGEST_MS ? ms : undefined;
}
