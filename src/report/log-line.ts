import { plainLine } from '../foreign/plain-text.ts';

/**
 * Foreign text as one line that the runner takes for text: it reads `::command::` at the start of a line, after white
 * space, and `##[command]` anywhere in it (actions/runner, ActionCommand.cs).
 */
export function safeLine(text: string): string {
  return plainLine(text).replace(/^::/, ': :').replaceAll('##[', '## [');
}
