import {
  debug,
  error,
  getInput,
  getState,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  summary,
  warning,
} from '@actions/core';
import type { Log } from '../ports.ts';
import type { Annotation } from '../report/annotations.ts';
import { type RunContext, readContext } from './context.ts';
import { createLog } from './log.ts';

/** The name under which the post step finds the kubeconfig that the main step wrote. */
export const KUBECONFIG_STATE = 'kubeconfig';
/** … and the automatic rollbacks that it had begun. */
export const RETURNING_STATE = 'returning';
/** … and the blocks that it had not written yet. */
export const BLOCKS_STATE = 'blocks';

/** GitHub's runner, as an action sees it. */
export interface Runner {
  readonly context: RunContext;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Aborts when the runner, or somebody at the keyboard, tells the process to end. */
  readonly interrupt: AbortSignal;
  input(name: string): string;
  /** Hides a value in every log line from here on. */
  mask(secret: string): void;
  output(name: string, value: string): void;
  annotate(annotation: Annotation): void;
  writeSummary(markdown: string): Promise<void>;
  /** Keeps a value for the post step. */
  keep(name: string, value: string): void;
  kept(name: string): string;
  /** Makes the step fail once the process has ended by itself. */
  fail(): void;
  /** Ends the process, however much is still under way, as soon as what was said so far is through. */
  leave(): Promise<void>;
}

/** The runner behind @actions/core and the process's environment. */
export function createRunner(): Runner {
  const annotations = { error, warning, notice };
  const masked = new Set<string>();
  return {
    context: readContext(process.env),
    environment: process.env,
    log: createLog({ info, debug }, masked),
    interrupt: onInterrupt(),
    input: (name) => getInput(name),
    mask: (secret) => {
      if (!masked.has(secret)) setSecret(secret);
      masked.add(secret);
    },
    output: setOutput,
    annotate: ({ level, title, message }) => annotations[level](message, { title }),
    writeSummary: async (markdown) => {
      if (!process.env['GITHUB_STEP_SUMMARY']) return debug('GITHUB_STEP_SUMMARY is not set: no summary is written');
      await summary.addRaw(markdown).write();
    },
    keep: saveState,
    kept: getState,
    fail: () => {
      process.exitCode = 1;
    },
    leave: async () => {
      await Promise.all([process.stdout, process.stderr].map(flush));
      process.exit();
    },
  };
}

/** A pipe's reader may be slow, and `process.exit` drops what it has not taken (https://nodejs.org/api/process.html#processexitcode). */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/** A second signal ends the process as if nobody listened. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
