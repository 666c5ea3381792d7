import { stdout } from 'node:process';
import { styleText } from 'node:util';
import { parseCommand } from '../runner/workflow-commands.ts';
import { renderForTerminal } from './terminal-markdown.ts';

/** What a newcomer sees: short narration, then exactly what the step itself said. */
export interface Screen {
  readonly title: (text: string) => void;
  /** A step of the story, numbered. */
  readonly step: (text: string) => void;
  /** Something that somebody types. */
  readonly command: (text: string) => void;
  readonly say: (text: string) => void;
  /** A line of a step's log, as GitHub shows it. */
  readonly log: (line: string) => void;
  /** A job's summary in Markdown. */
  readonly summary: (markdown: string) => void;
}

/** Writes to the standard output; in colour where that is a terminal. */
export function createScreen(): Screen {
  const write = (text = '') => stdout.write(`${text}\n`);
  let steps = 0;
  return {
    title: (text) => write(styleText('bold', text)),
    step: (text) => {
      steps += 1;
      write(`\n${styleText(['bold', 'blue'], `${steps}. ${text}`)}`);
    },
    command: (text) => write(`   ${styleText('bold', '$')} ${text}`),
    say: (text) => write(indent(text, '   ')),
    log: (line) => {
      const shown = asOnGitHub(line);
      if (shown !== undefined) write(`   ${styleText('gray', `│ ${shown}`)}`);
    },
    summary: (markdown) => write(`\n${indent(renderForTerminal(markdown), '   ')}`),
  };
}

/** Commands as the log view shows them: annotations in words, nothing of the rest. */
function asOnGitHub(line: string): string | undefined {
  const command = parseCommand(line);
  if (!command) return line.trim() === '' ? undefined : line;
  const { name, properties, data } = command;
  if (!['notice', 'warning', 'error'].includes(name)) return undefined;
  const word = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return `${word}: ${properties['title'] ? `${properties['title']}: ` : ''}${data}`;
}

function indent(text: string, prefix: string): string {
  return text
    .split('\n')
    .map((line) => `${prefix}${line}`.trimEnd())
    .join('\n');
}
