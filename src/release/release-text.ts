/** Control characters, line ends, lone surrogates, and characters that hide or reorder what a person reads. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{200B}\u{FEFF}]/gu;

const LONGEST_SHOWN = 80;
const MOST_LISTED = 10;

/** A release's name for one line of text; one that comes from a cluster may hold anything, at any length. */
export function showRelease(name: string): string {
  const start = Array.from(name.slice(0, 2 * LONGEST_SHOWN + 2));
  const shown = start.length > LONGEST_SHOWN ? [...start.slice(0, LONGEST_SHOWN - 1), '…'] : start;
  return shown.join('').replaceAll(UNPRINTABLE, '\u{FFFD}');
}

/** Names for one line of text, the first ten of them: `2.5.0, 2.4.0 (failed)` by the remarks about them, or `none`. */
export function listReleases(names: readonly string[], remarks: ReadonlyMap<string, string> = new Map()): string {
  const remark = (name: string) => (remarks.has(name) ? ` (${remarks.get(name)})` : '');
  const listed = names
    .slice(0, MOST_LISTED)
    .map((name) => `${showRelease(name)}${remark(name)}`)
    .join(', ');
  const rest = names.length - MOST_LISTED;
  return rest > 0 ? `${listed} and ${rest} more` : listed || 'none';
}
