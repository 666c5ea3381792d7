/** A command that a step gave by printing it. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What the runner knows; anything else is just text. */
const known = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

/** What a step printed, read as the runner reads it: line by line, secrets hidden from the moment they are named. */
export interface PrintedReader {
  readonly read: (line: string) => void;
  /** The log as people see it, commands included. */
  readonly log: () => string;
  readonly commands: () => readonly WorkflowCommand[];
  readonly masked: () => readonly string[];
}

/** Reads what a step prints. `onLine` is told each line of the log as it comes. */
export function readPrinted(onLine: (line: string) => void = () => {}): PrintedReader {
  const lines: string[] = [];
  const commands: WorkflowCommand[] = [];
  const masked = new Set<string>();
  let resumedBy: string | undefined;
  const read = (line: string) => {
    if (resumedBy !== undefined) {
      if (line.trim() === `::${resumedBy}::`) resumedBy = undefined;
    } else {
      const command = parseCommand(line);
      if (command) commands.push(command);
      if (command?.name === 'stop-commands') resumedBy = command.data;
      if (command?.name === 'add-mask') {
        for (const secret of [command.data, ...command.data.split(/\r?\n/)]) if (secret !== '') masked.add(secret);
        return;
      }
    }
    const shown = [...masked].reduce((text, secret) => text.replaceAll(secret, '***'), line);
    lines.push(shown);
    onLine(shown);
  };
  return { read, log: () => lines.join('\n'), commands: () => commands, masked: () => [...masked] };
}

/**
 * The command that a line gives: `::name key=value,key=value::data` after blanks, or the older `##[name key=value;]data`
 * anywhere in the line (actions/runner, ActionCommand.cs); undefined for text.
 */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const now = /^\s*::(\S+?)(?: (.*?))?::(.*)$/.exec(line);
  const older = now === null ? /##\[(\S+?)(?: (.*?))?\](.*)$/.exec(line) : null;
  const [, name = '', properties = '', data = ''] = now ?? older ?? [];
  if (!known.includes(name.toLowerCase())) return undefined;
  const pairs = properties.split(now === null ? ';' : ',').map((pair) => /^\s*([^=]+)=(.*)$/.exec(pair));
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], unescapeProperty(pair[2] ?? '')]] : []))),
    data: unescapeData(data),
  };
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
