const longest = 500;

/** Text of others as one line of at most 500 characters: no control characters, no credentials. */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\b(Bearer|Basic) [\w+/=.~-]+/gi, '$1 ***')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line;
}
