import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** Milliseconds after which the command is killed; without it, it may take for ever. */
  readonly timeout?: number;
}

/** Runs a command to its end and returns its standard output; rejects with its last words when it fails. */
export function run(command: string, argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { input = '', ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { ...spawnOptions, stdio: 'pipe' });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // A command may end before it has read its input.
    child.stdin.on('error', () => {}).end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(output).toString());
      const words = Buffer.concat(errors).toString().trim().slice(-2000);
      reject(new Error(`${command} ${argv.join(' ').slice(0, 200)}: ended with ${signal ?? code}: ${words}`));
    });
  });
}
