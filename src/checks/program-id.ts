import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

/** What Node.js knows of a program that it started. */
interface Child {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
}

const starting = new AsyncLocalStorage<(child: Child | undefined) => void>();
// @actions/exec keeps to itself what it starts (https://nodejs.org/api/diagnostics_channel.html#child-process).
subscribe('child_process', (message) => starting.getStore()?.((message as Readonly<Record<string, Child>>)['process']));

/** Calls `start`, and tells the id of the program that it starts while that runs: afterwards it may be another one's. */
export function withProgramId<T>(start: () => T): { readonly started: T; readonly id: () => number | undefined } {
  let child: Child | undefined;
  const started = starting.run((given) => {
    child ??= given;
  }, start);
  return { started, id: () => (child?.exitCode === null && child.signalCode === null ? child.pid : undefined) };
}
