import { errorMessage } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import { redact, redactLines } from '../foreign/redact.ts';
import type { Clock, Cluster, Log, LogOf, WorkloadRef } from '../ports.ts';
import { eventLines } from '../rollout/event-lines.ts';
import { failingPods, logsToRead } from '../rollout/failing-pods.ts';
import type { Condition } from '../rollout/objects.ts';
import type { Cause } from '../verdict/cause.ts';
import type { ContainerLog, Evidence } from '../verdict/evidence.ts';
import type { Observation } from './observe.ts';

export interface EvidencePorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** What must not be seen, beyond what looks like a credential. */
  readonly secrets?: readonly string[];
}

const MOST_EVENTS = 25;
const MOST_PODS = 3;
const LOG_LINES = 25;
const LONGEST_LINE = 400;
/** Pods that serve nobody must not wait for a log. */
const LONGEST_SECONDS = 5;

/**
 * What a bad release shows before it is undone: conditions, events and log lines, without what looks like a credential.
 * Takes 5 s at most and never throws: what could not be read is a gap that names the missing right.
 */
export async function gatherEvidence(
  ports: EvidencePorts,
  { namespace }: WorkloadRef,
  { deployment, carrier, pods = [] }: Observation,
  cause: Cause | undefined,
): Promise<Evidence> {
  const { cluster, log, secrets = [] } = ports;
  const failing = failingPods(pods, cause);
  const uids = [deployment, carrier, ...failing].flatMap((object) => object?.metadata.uid ?? []);
  const wanted = failing.slice(0, MOST_PODS).flatMap((pod) => logsToRead(pod, cause));
  const reader = createReader(ports.clock);
  const [events, logs] = await Promise.all([
    reader.read(`events in ${namespace}`, (signal) => cluster.listEvents(namespace, uids, signal)),
    Promise.all(
      wanted.map(async (each) => {
        const which: LogOf = { ...each, lines: LOG_LINES };
        const lines = await reader.read(`logs in ${namespace}`, (signal) => cluster.readLog(namespace, which, signal));
        return lines && { ...each, lines: logLines(lines, secrets) };
      }),
    ),
  ]);
  reader.end();
  const shown = (text: string) => plainLine(redact(plainLine(text, LONGEST_LINE * 4), secrets), LONGEST_LINE);
  const gaps = [...reader.gaps].map(shown);
  for (const gap of gaps) log.warn(gap);
  return {
    conditions: [...new Set([deployment, carrier].flatMap((object) => troubles(object?.status?.conditions)))].map(
      shown,
    ),
    events: eventLines(events ?? [], MOST_EVENTS).map(shown),
    logs: withoutRepeats(logs.filter((each) => each !== undefined)),
    gaps,
  };
}

/** Reads within one span of time for all; what fails or comes too late is undefined, and a gap. */
function createReader(clock: Clock) {
  const [late, over] = [new AbortController(), new AbortController()];
  const gaps = new Set<string>();
  const expired = clock.sleep(LONGEST_SECONDS * 1000, over.signal).then(() => late.abort());
  return {
    gaps,
    end: () => over.abort(),
    async read<T>(what: string, request: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
      const tooLate = expired.then(() => Promise.reject(new Error('too late')));
      try {
        return await Promise.race([request(late.signal), tooLate]);
      } catch (error) {
        gaps.add(late.signal.aborted ? `${what}: not read within ${LONGEST_SECONDS} s` : errorMessage(error));
        return undefined;
      }
    },
  };
}

/** Conditions that are not as they are on a healthy object. */
function troubles(conditions: readonly Condition[] = []): readonly string[] {
  return conditions
    .filter(({ type, status }) => (type === 'ReplicaFailure' ? status === 'True' : status !== 'True'))
    .map(({ type, status, reason = '', message = '' }) => `${type} ${status} ${reason}: ${message}`);
}

/** The indentation of a stack stays. */
function logLines(lines: readonly string[], secrets: readonly string[]): readonly string[] {
  const plain = lines.map((line) => {
    const [indentation = ''] = /^[ \t]{0,40}/.exec(line) ?? [];
    return indentation.replaceAll('\t', '    ') + plainLine(line, LONGEST_LINE * 4);
  });
  return redactLines(plain, secrets).map((line) =>
    line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1).toWellFormed()}…` : line,
  );
}

/** A container that waits for its next life still shows the log of the one before. */
function withoutRepeats(logs: readonly ContainerLog[]): readonly ContainerLog[] {
  const key = ({ pod, container, lines }: ContainerLog) => JSON.stringify([pod, container, lines]);
  const previous = new Set(logs.filter((log) => log.previous).map(key));
  return logs.filter((log) => log.previous || !previous.has(key(log)));
}
