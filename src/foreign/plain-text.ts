import { UNPRINTABLE } from '../release/release-text.ts';

const ESCAPE = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);

/** ANSI escape sequences: CSI (colours, cursor), OSC (titles, links) and the two-character ones (ECMA-48). */
const ANSI = new RegExp(
  [
    `${ESCAPE}\\[[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[\\]P_^X][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]*[0-~]`,
  ].join('|'),
  'g',
);

const LONGEST_LINE = 1000;

/** Foreign text as one printable line of at most `longest` characters: no ANSI sequences, line ends or control characters. */
export function plainLine(text: string, longest = LONGEST_LINE): string {
  // Cut roughly first: what is far too long is not worth cleaning.
  const line = text
    .slice(0, 8 * longest)
    .replaceAll(ANSI, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(UNPRINTABLE, '\u{FFFD}')
    .trim();
  return shorten(line, longest);
}

function shorten(line: string, longest: number): string {
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
