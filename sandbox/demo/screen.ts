import { stdout } from 'node:process';
import { styleText } from 'node:util';
import { parseCommand } from '../runner/workflow-commands.ts';
import { renderForTerminal } from './terminal-markdown.ts';
import { wrap } from './wrap.ts';

/** What a newcomer sees: short narration, and exactly what the steps themselves said. */
export interface Screen {
  readonly title: (text: string) => void;
  /** Begins a part of the story, numbered. */
  readonly part: (text: string) => void;
  readonly say: (text: string) => void;
  /** Something that somebody types, and what comes of it. */
  readonly command: (line: string, output?: readonly string[]) => void;
  /** A workflow's step, as its author writes it. */
  readonly workflowStep: (uses: string, inputs: Readonly<Record<string, string>>) => void;
  /** A line of a step's log, as GitHub shows it. */
  readonly log: (line: string) => void;
  /** A job's summary, in Markdown. */
  readonly summary: (markdown: string) => void;
  /** How things stand. */
  readonly state: (text: string) => void;
  readonly outputs: (outputs: Readonly<Record<string, string>>) => void;
}

/** Writes to the standard output, in colour where that is a terminal. */
export function createScreen(): Screen {
  const width = stdout.columns ?? 120;
  const write = (text: string, prefix = '   ') => stdout.write(`${wrap(text, width, prefix)}\n`);
  let parts = 0;
  return {
    title: (text) => write(styleText('bold', text), ''),
    part: (text) => {
      parts += 1;
      write(`\n${styleText(['bold', 'blue'], `${parts}. ${text}`)}`, '');
    },
    say: (text) => write(text),
    command: (line, output = []) => write([`${styleText('bold', `$ ${line}`)}`, ...output].join('\n')),
    workflowStep: (uses, inputs) => {
      const values = Object.entries(inputs).map(([name, value]) => `${name}: ${value}`);
      write(`${styleText('bold', `uses: ${uses}`)}  with: ${values.join(', ')}`);
    },
    log: (line) => {
      const shown = asOnGitHub(line);
      if (shown !== undefined) stdout.write(`${styleText('gray', wrap(shown, width, '   log │ '))}\n`);
    },
    summary: (markdown) => write(renderForTerminal(markdown), `   ${styleText('cyan', 'summary ┃')} `),
    state: (text) => write(styleText('green', `now: ${text}`)),
    outputs: (outputs) => {
      const values = Object.entries(outputs).map(([name, value]) => `${name}=${value}`);
      write(`outputs: ${values.join(', ')}`);
    },
  };
}

/** Commands as the log view shows them: annotations in words, nothing of the rest. */
function asOnGitHub(line: string): string | undefined {
  const command = parseCommand(line);
  if (!command) return line.trim() === '' ? undefined : line;
  const { name, properties, data } = command;
  if (!['notice', 'warning', 'error'].includes(name)) return undefined;
  const word = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [word, properties['title'], data].filter(Boolean).join(': ');
}
