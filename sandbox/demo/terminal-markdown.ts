import { stripVTControlCharacters, styleText } from 'node:util';
import MarkdownIt, { type Token } from 'markdown-it';
import { boxEdge } from './wrap.ts';

/** Shows a job's summary in a terminal: headings, paragraphs, lists, tables, boxes and blocks, without Markdown's signs. */
export function renderForTerminal(markdown: string): string {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  return blocks(tokens, 0, tokens.length).join('\n\n');
}

/** The blocks between two tokens, each as text. */
function blocks(tokens: readonly Token[], from: number, to: number): readonly string[] {
  const found: string[] = [];
  for (let index = from; index < to; index += 1) {
    const token = tokens[index];
    if (!token) break;
    const end = token.nesting === 1 ? closing(tokens, index) : index;
    const text = block(tokens, token, index, end);
    if (text !== '') found.push(text);
    index = end;
  }
  return found;
}

function block(tokens: readonly Token[], token: Token, index: number, end: number): string {
  const inner = () => blocks(tokens, index + 1, end);
  switch (token.type) {
    case 'heading_open':
      return styleText('bold', inner().join('\n'));
    case 'blockquote_open':
      return indent(alertTitle(inner().join('\n')), boxEdge);
    case 'bullet_list_open':
      return inner()
        .map((item) => `- ${item}`)
        .join('\n');
    case 'table_open':
      return table(tokens.slice(index, end));
    case 'fence':
      return token.info === 'mermaid' ? '' : indent(diffColours(token.content.trimEnd()), '  ');
    case 'html_block':
      return withoutTags(token.content).trim();
    case 'inline':
      return inline(token);
    default:
      return inner().join('\n');
  }
}

/** The index of the token that closes the one at an index. */
function closing(tokens: readonly Token[], open: number): number {
  const level = tokens[open]?.level;
  return tokens.findIndex((token, index) => index > open && token.nesting === -1 && token.level === level);
}

function inline({ children }: Token): string {
  let bold = false;
  const parts = (children ?? []).map((child) => {
    if (child.type === 'strong_open' || child.type === 'strong_close') bold = child.type === 'strong_open';
    if (child.type === 'softbreak' || child.type === 'hardbreak') return '\n';
    if (child.type === 'code_inline') return styleText('cyan', child.content);
    if (child.type === 'html_inline') return child.content.startsWith('<br') ? ' ' : '';
    return bold && child.content !== '' ? styleText('bold', child.content) : child.content;
  });
  return parts.join('').replaceAll('\u{200B}', '');
}

/** Rows of cells, as wide as the widest of their column. */
function table(tokens: readonly Token[]): string {
  const rows: string[][] = [];
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([]);
    if (token.type === 'inline') rows.at(-1)?.push(inline(token));
  }
  const width = (cell: string) => stripVTControlCharacters(cell).length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join('  ');
  const [head = [], ...body] = rows;
  return [styleText('underline', line(head)), ...body.map(line)].map((text) => `  ${text.trimEnd()}`).join('\n');
}

function alertTitle(text: string): string {
  return text.replace(/^\[!(\w+)\]\n?/, (_, kind: string) => `${styleText(['yellow', 'bold'], kind)} `);
}

function diffColours(text: string): string {
  const colour = (line: string) =>
    line.startsWith('+') ? styleText('green', line) : line.startsWith('-') ? styleText('red', line) : line;
  return text.split('\n').map(colour).join('\n');
}

function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => `${prefix}${line}`)
    .join('\n');
}

function withoutTags(html: string): string {
  return html.replaceAll(/<[^>]*>/g, '');
}
