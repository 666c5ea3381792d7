import type { Log } from '../ports.ts';

/** A log that keeps its lines to itself until they are worth telling. */
export interface DeferredLog extends Log {
  /** Writes what was kept, and from now on everything at once. */
  tell(): void;
}

/** Opens a log whose lines go to another one once they are told; what is only for debugging goes there at once. */
export function deferLog(log: Log): DeferredLog {
  const kept: (() => void)[] = [];
  let told = false;
  const write = (line: () => void) => (told ? line() : void kept.push(line));
  return {
    info: (message) => write(() => log.info(message)),
    warn: (message) => write(() => log.warn(message)),
    debug: (message) => log.debug(message),
    tell() {
      told = true;
      for (const line of kept.splice(0)) line();
    },
  };
}
