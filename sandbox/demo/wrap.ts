import { stripVTControlCharacters } from 'node:util';

/** What begins every line of a box. */
export const boxEdge = '▌ ';

/**
 * Breaks lines at blanks so that none is wider than `width` columns, and puts `prefix` before each. Lines that are
 * indented (tables, code) stay as they are; lines of a box stay in the box.
 */
export function wrap(text: string, width: number, prefix: string): string {
  const room = width - stripVTControlCharacters(prefix).length;
  const lines = text.split('\n').flatMap((line) => (line.startsWith('  ') ? [line] : broken(line, room)));
  return lines.map((line) => `${prefix}${line}`.trimEnd()).join('\n');
}

function broken(line: string, room: number): readonly string[] {
  if (line.startsWith(boxEdge))
    return broken(line.slice(boxEdge.length), room - boxEdge.length).map((part) => boxEdge + part);
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && stripVTControlCharacters(longer).length > room) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}
