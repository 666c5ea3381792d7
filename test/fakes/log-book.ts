import type { Log } from '../../src/ports.ts';

export interface LogBook extends Log {
  readonly infos: readonly string[];
  readonly warnings: readonly string[];
}

/** A log that remembers. */
export function createLogBook(): LogBook {
  const infos: string[] = [];
  const warnings: string[] = [];
  return {
    infos,
    warnings,
    info: (message) => void infos.push(message),
    warn: (message) => void warnings.push(message),
    debug: () => {},
  };
}
