/** A Kubernetes quantity in thousandths, rounded up as the API server rounds what is finer. */
export const parseQuantity = (text: string | number): number => {
  const [, digits = '', exponent = '', suffix = ''] =
    /^([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+))?([A-Za-z]*)$/.exec(String(text)) ?? [];
  const unit = units[suffix];
  if (digits === '' || unit === undefined) throw new Error(`${text} is not a quantity`);
  const exact = Number(digits) * 10 ** Number(exponent || 0) * unit * 1000;
  // Without what floating point adds, which would be rounded up too.
  return Math.ceil(Number(exact.toFixed(6)));
};

/** Thousandths as a quantity, in the largest binary unit that leaves a whole number. */
export const formatQuantity = (thousandths: number): string => {
  if (thousandths % 1000 !== 0) return `${thousandths}m`;
  const whole = thousandths / 1000;
  const suffix = binary.findLast((_, index) => whole !== 0 && whole % 1024 ** (index + 1) === 0);
  return suffix === undefined ? String(whole) : `${whole / (units[suffix] ?? 1)}${suffix}`;
};

const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const units: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  ...Object.fromEntries(['k', 'M', 'G', 'T', 'P'].map((suffix, index) => [suffix, 1000 ** (index + 1)])),
  ...Object.fromEntries(binary.map((suffix, index) => [suffix, 1024 ** (index + 1)])),
};
