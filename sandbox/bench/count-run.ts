import { asked, onAuditClock } from './audit.ts';
import type { Bench } from './bench.ts';
import type { Command, Tool } from './command.ts';
import { peakMemory } from './peak-memory.ts';
import { start } from './process.ts';

/** What one run of a tool cost, other than time. */
export interface Cost {
  readonly requests: number;
  readonly watches: number;
  readonly connections: number;
  /** Bytes that came from the API server, on the wire. */
  readonly received: number;
  /** MB, of the largest process. */
  readonly memory: number;
}

/** Runs a tool once through the relay; it is not timed, since being counted slows it down. */
export async function countRun(
  { bed, relay, counted }: Bench,
  tool: Tool,
  command: (kubeconfig: string) => Command,
): Promise<Cost> {
  const before = { connections: relay.connections(), received: relay.received() };
  const started = start(command(counted));
  const memory = await peakMemory(started);
  const connections = relay.connections() - before.connections;
  const received = relay.received() - before.received;
  const entries = await bed.auditEntries(onAuditClock(started.startedAt));
  const { requests, watches } = asked(entries, tool, started.startedAt, performance.now());
  return { requests, watches, connections, received, memory };
}
