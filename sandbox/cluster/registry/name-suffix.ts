import { randomInt } from 'node:crypto';

/** The letters Kubernetes uses in generated names: no vowels, nothing that reads like another (apimachinery util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Five random letters, as `generateName` appends. */
export const randomSuffix = (): string =>
  Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');

/** Writes a number with those letters, digit by digit, as `SafeEncodeString` does for pod-template-hash. */
export const safeEncode = (value: number): string =>
  [...String(value)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
