import { GitHubError } from '../../src/errors.ts';
import type { StoredRecord } from '../../src/gate/record.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import type { Clock, Gate, NewRecord, RecordFilter } from '../../src/ports.ts';
import { createFaults, type Faults } from './faults.ts';

/** One request: a page that was asked for, or a record that was sent. */
export type GateRequest =
  | { readonly call: 'read'; readonly filter: RecordFilter; readonly page: number }
  | { readonly call: 'exists'; readonly id: number }
  | { readonly call: 'append'; readonly record: NewRecord };

/** Where in a request others may come in between. */
export type GateMoment = 'page-asked' | 'page-answered' | 'record-sent' | 'record-kept' | 'record-acknowledged';

export interface MemoryGateOptions {
  /** Records a page: 100, as GitHub's, unless given. */
  readonly pageSize?: number;
  /** By whose time records are kept; each comes a second after the one before it unless given. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Awaited at each moment of each request, so that a test decides who goes on. */
  readonly meanwhile?: (moment: GateMoment) => Promise<void>;
}

export interface MemoryGate extends Gate {
  /** Errors and deeds that wait for requests: one for each page read and for each record sent. */
  readonly faults: Faults<'read' | 'append'>;
  /** Every request made by now, those of the read-back excepted. */
  readonly requests: readonly GateRequest[];
  /** All that is kept, newest first, also what lists do not show yet. */
  records(): readonly StoredRecord[];
  /** What was appended, in order, with the paint that `records` do not show. */
  appended(): readonly NewRecord[];
  /** Keeps a record that somebody else wrote, by a workflow unless it says otherwise; gives its id. */
  put(record: Partial<StoredRecord> & { readonly payload: unknown }): number;
  /** Somebody deletes a record. */
  remove(id: number): void;
  /** Each record to come is missing from the first so many pages that are asked for after it was kept. */
  hideFor(pages: number): void;
}

interface Kept {
  readonly record: StoredRecord;
  /** Pages that still do not show it. */
  hidden: number;
}

const START = Date.parse('2026-11-21T12:00:00Z');
/** More looks than any `hideFor` of a test asks for. */
const MOST_LOOKS = 50;

/** The gate's log in memory: ids grow, lists are newest first and paged, writers, delays, deletions and errors are scripted. */
export function createMemoryGate({ pageSize = 100, clock, meanwhile }: MemoryGateOptions = {}): MemoryGate {
  const kept: Kept[] = [];
  const requests: GateRequest[] = [];
  const appended: NewRecord[] = [];
  const faults = createFaults<'read' | 'append'>();
  let [lastId, hideFor] = [100, 0];
  const at = async (moment: GateMoment, signal?: AbortSignal) => {
    await meanwhile?.(moment);
    if (signal?.aborted)
      throw signal.reason instanceof GitHubError
        ? signal.reason
        : new GitHubError('unreachable', 'the request to GitHub was given up');
  };
  const keep = ({ payload, ...record }: Partial<StoredRecord> & { readonly payload: unknown }): number => {
    lastId += 1;
    const id = record.id ?? lastId;
    lastId = Math.max(id, lastId);
    const createdAt = new Date(clock?.now() ?? START + 1000 * kept.length).toISOString();
    const written = { creator: WORKFLOWS_LOGIN, app: 'github-actions', createdAt, environment: '', task: '' };
    // What was written is read back as JSON, without what JSON drops.
    const said = payload === undefined ? undefined : JSON.parse(JSON.stringify(payload));
    kept.push({ record: { ...written, ...record, id, payload: said }, hidden: hideFor });
    kept.sort((one, other) => other.record.id - one.record.id);
    return id;
  };
  const page = (filter: RecordFilter, number: number): { readonly records: readonly StoredRecord[]; last: boolean } => {
    const matching = kept.filter(({ record }) => matches(filter, record));
    const shown = matching.filter(({ hidden }) => hidden === 0).map(({ record }) => record);
    for (const each of matching) each.hidden = Math.max(0, each.hidden - 1);
    const end = pageSize * number;
    return { records: shown.slice(end - pageSize, end), last: shown.length <= end };
  };
  return {
    faults,
    requests,
    records: () => kept.map(({ record }) => record),
    appended: () => appended,
    put: keep,
    remove(id) {
      const index = kept.findIndex(({ record }) => record.id === id);
      if (index === -1) throw new Error(`there is no record ${id}`);
      kept.splice(index, 1);
    },
    hideFor: (pages) => {
      hideFor = pages;
    },
    async read(filter, enough, signal) {
      const records: StoredRecord[] = [];
      for (let number = 1; ; number += 1) {
        requests.push({ call: 'read', filter, page: number });
        await at('page-asked', signal);
        faults.meet('read');
        const { records: more, last } = page(filter, number);
        await at('page-answered', signal);
        records.push(...more);
        if (last || enough(records)) return records;
      }
    },
    async exists(id, signal) {
      requests.push({ call: 'exists', id });
      await at('page-asked', signal);
      faults.meet('read');
      return kept.some(({ record }) => record.id === id);
    },
    async append(record, signal) {
      requests.push({ call: 'append', record });
      await at('record-sent', signal);
      faults.meet('append');
      const id = keep({ environment: record.environment, task: record.task, payload: record.payload });
      appended.push(record);
      await at('record-kept', signal);
      const seen = () => page({ environment: record.environment, task: record.task }, 1).records;
      for (let look = 1; !seen().some((each) => each.id === id); look += 1) {
        if (look === MOST_LOOKS) throw new GitHubError('unreachable', `record ${id} cannot be read back`);
        await at('record-kept', signal);
      }
      await at('record-acknowledged', signal);
      return id;
    },
  };
}

function matches({ environment, task }: RecordFilter, record: StoredRecord): boolean {
  return (
    (environment === undefined || environment === record.environment) && (task === undefined || task === record.task)
  );
}
