const MAX_LENGTH = 500;

/** Text of others as one line of at most 500 characters: no control characters, no credentials. */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\b(Bearer|Basic) [\w+/=.~-]+/gi, '$1 ***')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1).trimEnd()}…` : line;
}
