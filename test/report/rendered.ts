import MarkdownIt from 'markdown-it';

/** What a reader gets to see of some Markdown: its visible text, and which kinds of elements hold it. */
export interface Rendered {
  readonly text: string;
  readonly kinds: ReadonlySet<string>;
  readonly html: readonly string[];
}

/** Parses GitHub Flavored Markdown (tables, strikethrough, bare links), HTML allowed, as a reader's browser would get it. */
export function render(markdown: string): Rendered {
  const parser = new MarkdownIt({ html: true, linkify: true });
  const tokens = parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  const leaves = tokens.filter((token) =>
    ['text', 'text_special', 'code_inline', 'fence', 'softbreak'].includes(token.type),
  );
  return {
    text: leaves
      .map(({ content }) => content)
      .join('')
      .replaceAll('\u{200B}', ''),
    kinds: new Set(tokens.map(({ type }) => type)),
    html: tokens.filter(({ type }) => type === 'html_inline' || type === 'html_block').map(({ content }) => content),
  };
}
