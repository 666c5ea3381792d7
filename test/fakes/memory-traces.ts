import type { Cluster, LogOf } from '../../src/ports.ts';
import type { ClusterEvent } from '../../src/rollout/objects.ts';
import type { Faults } from './faults.ts';

export interface MemoryTraces extends Pick<Cluster, 'listEvents' | 'readLog'> {
  putEvents(events: readonly ClusterEvent[]): void;
  putLog(log: Pick<LogOf, 'pod' | 'container'> & { readonly previous?: boolean }, lines: readonly string[]): void;
}

/** Events and logs that a test puts in. */
export function createMemoryTraces(faults: Faults<'events' | 'log'>): MemoryTraces {
  let events: readonly ClusterEvent[] = [];
  const logs = new Map<string, readonly string[]>();
  const key = (log: Parameters<MemoryTraces['putLog']>[0]) => `${log.pod}/${log.container}/${log.previous ?? false}`;
  return {
    putEvents(next) {
      events = next;
    },
    putLog: (log, lines) => void logs.set(key(log), lines),
    async listEvents(_namespace, uids) {
      faults.meet('events');
      return events.filter(({ involvedObject }) => uids.includes(involvedObject.uid ?? ''));
    },
    async readLog(_namespace, log) {
      faults.meet('log');
      return (logs.get(key(log)) ?? []).slice(-log.lines);
    },
  };
}
