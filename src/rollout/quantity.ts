/** An amount in billionths, the finest part that Kubernetes keeps (apimachinery/pkg/api/resource). */
export type Amount = bigint;

const NANO = 1_000_000_000n;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ...DECIMAL.map((suffix, power) => [suffix, 1000n ** BigInt(power)] as const),
  ...BINARY.map((suffix, power) => [suffix, NANO * 1024n ** BigInt(power + 1)] as const),
]);
const QUANTITY = /^(\d{0,30})(?:\.(\d{0,30}))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

/** Reads one of Kubernetes' quantities, rounded up: `250m`, `1.5Gi`, `1e3`. Undefined for what is none, or negative. */
export function parseQuantity(text: string): Amount | undefined {
  const [, whole = '', part = '', suffix = '', exponent = '0'] = QUANTITY.exec(text) ?? [];
  const unit = UNITS.get(suffix);
  if (whole + part === '' || unit === undefined) return undefined;
  const shift = Number(exponent) - part.length;
  const value = BigInt(whole + part) * unit;
  return shift >= 0 ? value * 10n ** BigInt(shift) : divideUp(value, 10n ** BigInt(-shift));
}

/** An amount for people: `3`, `250m`, `512Mi`. */
export function showQuantity(amount: Amount): string {
  if (amount % NANO !== 0n) return `${divideUp(amount, NANO / 1000n)}m`;
  const whole = amount / NANO;
  const power = BINARY.findLastIndex((_, index) => whole > 0n && whole % 1024n ** BigInt(index + 1) === 0n);
  return power < 0 ? String(whole) : `${whole / 1024n ** BigInt(power + 1)}${BINARY[power]}`;
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
