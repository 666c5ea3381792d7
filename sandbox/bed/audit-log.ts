import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** One request to the API server, as its audit log has it. */
export interface AuditEntry {
  readonly id: string;
  readonly user: string;
  readonly userAgent: string;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly uri: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** The answer's HTTP status; a watch that still runs has one too. */
  readonly code: number;
  readonly sourceAddress: string;
  readonly received: Date;
  /** When the answer was complete; absent while a watch runs. */
  readonly completed: Date | undefined;
}

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly sourceIPs?: readonly string[];
  readonly objectRef?: { readonly [field in 'namespace' | 'resource' | 'subresource' | 'name']?: string };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** The audit policy: who asked what, without bodies; the bed's own programs are left out. */
export function makeAuditPolicy(ownUsers: readonly string[]) {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'None', users: [...ownUsers, 'system:apiserver'] }, { level: 'Metadata' }],
  };
}

/**
 * Reads the requests received at or after a time, oldest first, one entry a request.
 * `ask` sends the API server a GET: the log is complete for what went before once that request is in it.
 */
export async function readAuditLog(
  path: string,
  since: Date,
  ask: (uri: string) => Promise<unknown>,
): Promise<AuditEntry[]> {
  const marker = `/version?audit=${randomUUID()}`;
  await ask(marker);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const entries = await entriesIn(path);
    if (entries.some((entry) => entry.uri === marker)) {
      const wanted = entries.filter((entry) => entry.received >= since && !entry.uri.startsWith('/version?audit='));
      return wanted.sort((a, b) => a.received.getTime() - b.received.getTime());
    }
    await pause(50);
  }
  throw new Error(`the audit log ${path} does not get the requests that were made`);
}

async function entriesIn(path: string): Promise<AuditEntry[]> {
  const latest = new Map<string, AuditEntry>();
  for await (const line of createInterface(createReadStream(path))) {
    const event = parse(line);
    if (event !== undefined) latest.set(event.auditID, toEntry(event));
  }
  return [...latest.values()];
}

/** The line being written may be cut off. */
function parse(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}

function toEntry(event: AuditEvent): AuditEntry {
  const { namespace = '', resource = '', subresource = '', name = '' } = event.objectRef ?? {};
  return {
    ...{ namespace, resource, subresource, name },
    id: event.auditID,
    user: event.user.username,
    userAgent: event.userAgent ?? '',
    verb: event.verb,
    uri: event.requestURI,
    code: event.responseStatus?.code ?? 0,
    sourceAddress: event.sourceIPs?.[0] ?? '',
    received: new Date(event.requestReceivedTimestamp),
    completed: event.stage === 'ResponseStarted' ? undefined : new Date(event.stageTimestamp),
  };
}
