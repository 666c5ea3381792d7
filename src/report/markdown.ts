import { plainLine } from '../foreign/plain-text.ts';

const LONGEST_CODE = 400;
const ZERO_WIDTH_SPACE = '\u{200B}';

/** Foreign text as one line of Markdown that renders as just that text: no markup, HTML, links, mentions or references. */
export function text(foreign: string): string {
  return entities(unlinked(plainLine(foreign)).replaceAll(/[\\`*_[\]~]/g, '\\$&'))
    .replace(/^(?=[-+=#])|^\d+(?=[.)](?: |$))/, '$&\\')
    .replaceAll('$', '<span>$</span>');
}

/** Without what GitHub makes mentions, references and links of: a space of no width breaks them. */
function unlinked(line: string): string {
  return line.replaceAll(/@|#(?=\d)|\bGH-(?=\d)|\bwww(?=\.)|:(?=\/\/)/gi, `$&${ZERO_WIDTH_SPACE}`);
}

function entities(line: string): string {
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll(ZERO_WIDTH_SPACE, '&#8203;');
}

/** Foreign text as a code span, in which GitHub looks for neither mentions nor references; empty for empty text. */
export function code(foreign: string): string {
  const content = plainLine(foreign, LONGEST_CODE);
  if (content === '') {
    return '';
  }
  const tick = fenceAround(content, 1);
  const padding = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${tick}${padding}${content}${padding}${tick}`;
}

/** A table from cells that are Markdown already; empty without rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return '';
  }
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** A pipe ends a cell even inside a code span (GitHub Flavored Markdown, 4.10); an escaped backslash before it would free it. */
function cell(markdown: string): string {
  return markdown.replaceAll(/(\\?)\|/g, (_, backslash) => (backslash ? `\\${ZERO_WIDTH_SPACE}\\|` : '\\|'));
}

/** Foreign lines in a fenced block, the first `most` of them; says how many are left out. */
export function fence(lines: readonly string[], { language = 'text', most = 400 } = {}): string {
  const shown = lines.slice(0, most).map((line) => fencedLine(line));
  const left = lines.length - shown.length;
  const mark = fenceAround(shown.join('\n'), 3);
  const block = [`${mark}${language}`, ...shown, mark].join('\n');
  return left > 0 ? `${block}\n\n${left} more lines are left out.` : block;
}

/** A list of what is Markdown already, the first `most` of it; says how many are left out. */
export function list(items: readonly string[], most = 20): string {
  const left = items.length - most;
  const shown = items.slice(0, most).map((item) => `- ${item}`);
  return [...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

/** Markdown with empty lines between its parts, without those that are empty. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Markdown that opens on a click on the foreign text `title`, which stands in HTML: Markdown's escapes do not work there. */
export function details(title: string, body: string): string {
  return `<details><summary>${entities(unlinked(plainLine(title)))}</summary>\n\n${body}\n\n</details>`;
}

/** A coloured box (GitHub's alerts); elsewhere a quotation. */
export function alert(kind: 'CAUTION' | 'WARNING' | 'NOTE', markdown: string): string {
  return [`[!${kind}]`, ...markdown.split('\n')].map((line) => `> ${line}`.trimEnd()).join('\n');
}

/** Indentation means something in a diff, so it stays. */
function fencedLine(line: string): string {
  const indentation = /^[-+]? */.exec(line)?.[0] ?? '';
  return indentation.slice(0, 80) + plainLine(line.slice(indentation.length), LONGEST_CODE);
}

/** More backticks than stand in a row anywhere in the content, and at least `fewest`. */
function fenceAround(content: string, fewest: number): string {
  const runs = content.match(/`+/g) ?? [];
  return '`'.repeat(Math.max(fewest, ...runs.map((run) => run.length + 1)));
}

/** A sentence in Markdown, with a full stop where what it ends with, such as somebody's reason, has none. */
export function sentence(markdown: string): string {
  return /[.!?]$/.test(markdown) ? markdown : `${markdown}.`;
}
