import { plainLine } from '../foreign/plain-text.ts';
import { code, text } from './markdown.ts';

/** How foreign text is shown: names, and what is said in sentences. */
export interface Show {
  name(foreign: string): string;
  prose(foreign: string): string;
}

export const MARKDOWN: Show = { name: code, prose: text };

export const PLAIN: Show = { name: (foreign) => plainLine(foreign), prose: (foreign) => plainLine(foreign) };
