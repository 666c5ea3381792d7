/** Octopus' Calculate Deployment Mode, step template version 5, restated: mode and version change, or `fails`. */
export function octopusMode(current: string, previous: string, last: string): string {
  try {
    return decide(readVersion(current), previous ? readVersion(previous) : [], last ? readVersion(last) : []);
  } catch {
    return 'fails';
  }
}

/** `System.Version` after the text before the first hyphen: 2 to 4 numbers of 31 bits; a missing one counts as -1. */
function readVersion(text: string): readonly number[] {
  const parts = (text.split('-')[0] ?? '').split('.');
  const numbers = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length < 2 || parts.length > 4 || !numbers.every((number) => number <= 2147483647)) {
    throw new Error(`${text} is no System.Version`);
  }
  return numbers;
}

function decide(current: readonly number[], previous: readonly number[], last: readonly number[]): string {
  const overPrevious = compare(current, previous);
  const overLast = compare(current, last);
  if (overPrevious > 0) {
    return overLast < 0 ? 'rollback identical' : 'deploy identical';
  }
  if (overPrevious < 0) {
    return `rollback ${change(current, previous)}`;
  }
  return overLast < 0 ? `rollback ${change(current, last)}` : 'redeploy identical';
}

/** No version at all sorts below every version, as in PowerShell. */
function compare(a: readonly number[], b: readonly number[]): number {
  const differences = [0, 1, 2, 3].map((part) => (a[part] ?? -1) - (b[part] ?? -1));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function change(a: readonly number[], b: readonly number[]): string {
  const words = ['major', 'minor', 'build', 'revision'];
  return words.find((_, part) => (a[part] ?? -1) !== (b[part] ?? -1)) ?? 'identical';
}
