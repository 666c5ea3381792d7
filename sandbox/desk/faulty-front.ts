import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAccess } from './api-client.ts';
import { type FaultKind, type FaultOptions, planFaults } from './fault-plan.ts';
import { type Fate, type Front, type GivenAnswer, isWatch, openFront } from './front.ts';

export interface FaultyFrontOptions extends FaultOptions {
  /** How long `latency` holds a request; two seconds unless given. */
  readonly latencyMs?: number;
  /** How long `silence` lasts; a minute unless given. */
  readonly silenceMs?: number;
}

export interface FaultyFront extends Front {
  /** What has happened so far, in order: the fault, and what it happened to. */
  readonly happened: readonly string[];
}

/** Stands between somebody and an API server, and lets happen what a seed says. */
export async function openFaultyFront(access: ApiAccess, options: FaultyFrontOptions): Promise<FaultyFront> {
  const { latencyMs = 2_000, silenceMs = 60_000 } = options;
  const plan = planFaults(options);
  const happened: string[] = [];
  const front = await openFront(access, async (passing, connection): Promise<Fate> => {
    const fault = plan.next(connection);
    // Only a watch expires.
    if (fault === undefined || (fault === 'gone' && !isWatch(passing))) return 'pass';
    happened.push(`${fault}: ${passing.method} ${passing.path}${isWatch(passing) ? ' (watch)' : ''}`);
    if (fault === 'latency') await pause(latencyMs, undefined, { ref: false });
    if (fault === 'silence') front.silence(silenceMs);
    if (fault === 'cut-watches') front.cutWatches();
    return fateOf(fault);
  });
  return { ...front, happened };
}

function fateOf(fault: FaultKind): Fate {
  switch (fault) {
    case 'reset':
      return 'cut';
    case 'lost-answer':
      return 'lose-answer';
    case 'too-many':
      return failure(429, 'TooManyRequests', 'too many requests, please try again later', { 'retry-after': '1' });
    case 'internal':
      return failure(500, 'InternalError', 'Internal error occurred: etcdserver: leader changed');
    case 'unavailable':
      return failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
    case 'gone':
      return failure(410, 'Expired', 'too old resource version: 1 (100)');
    default:
      return 'pass';
  }
}

function failure(
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GivenAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { status: code, headers, body };
}
