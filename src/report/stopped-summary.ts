import { alert, list, paragraphs, text } from './markdown.ts';

/** The summary of an action of the gate that could not do its work: `what` is a clause; it and `problems` are foreign. */
export function formatStopped(what: string, problems: readonly string[]): string {
  const [only = '', ...others] = problems.map(text);
  const cause = others.length === 0 ? only : list([only, ...others]);
  return `${paragraphs([`### Stopped: ${text(what)}`, alert('CAUTION', cause)])}\n`;
}
