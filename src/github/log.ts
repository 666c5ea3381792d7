import { debug, info } from '@actions/core';
import { redact } from '../foreign/redact.ts';
import type { Log } from '../ports.ts';
import { safeLine } from '../report/log-line.ts';

/**
 * The step's log, without `secrets`, which may become more. Warnings are lines here; annotations, of which GitHub takes
 * few, come from the result.
 */
export function createLog(write: Pick<Log, 'info' | 'debug'> = { info, debug }, secrets: Iterable<string> = []): Log {
  const linesOf = (message: string) => message.split(/\r\n|\r|\n/).map((line) => safeLine(redact(line, [...secrets])));
  return {
    info: (message) => linesOf(message).forEach(write.info),
    warn: (message) => linesOf(`Warning: ${message}`).forEach(write.info),
    debug: (message) => linesOf(message).forEach(write.debug),
  };
}
