import { errorMessage, GitHubError } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { StoredRecord } from '../gate/record.ts';
import { GATE_ENVIRONMENT } from '../gate/task.ts';
import type { Gate, Log, NewRecord, RecordFilter } from '../ports.ts';
import { type ApiAccess, createApi } from './api.ts';
import { nextPage } from './next-page.ts';
import { toStoredRecord } from './stored-record.ts';
import { strangeAnswer } from './strange-answer.ts';

export interface GateAccess extends ApiAccess {
  /** The commit that records hang on. */
  readonly sha: string;
  /** Shown beside a record; empty where there is none. */
  readonly runUrl: string;
  readonly log: Log;
}

const DEPLOYMENTS = '/repos/{owner}/{repo}/deployments';
const PER_PAGE = 100;
const MOST_PAGES = 100;
/** Replicas of GitHub's database follow within a second or so; their pauses add up to some 15 s. */
const LAG_PAUSES_MS = [0, 250, 500, 1_000, 2_000, 4_000, 7_500];
const LONGEST_DESCRIPTION = 140;

/** The gate's log in a repository's GitHub Deployments: payloads are the truth, statuses are for people. */
export function createGate(access: GateAccess): Gate {
  const { repository, apiUrl, sha, runUrl, log, clock } = access;
  const [owner = '', repo = ''] = repository.split('/');
  const api = createApi(access);

  async function read(
    filter: RecordFilter,
    enough: (records: readonly StoredRecord[]) => boolean,
    signal?: AbortSignal,
  ): Promise<readonly StoredRecord[]> {
    let records: readonly StoredRecord[] = [];
    const asks = { ...filter, per_page: String(PER_PAGE) };
    let query = new URLSearchParams(asks);
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const route = `GET ${DEPLOYMENTS}?${query}`;
      const { data, headers } = await api(
        { route, access: 'read', expected: 200, parameters: { owner, repo } },
        signal,
      );
      records = merged(records, recordsOf(data, apiUrl));
      const next = nextPage(headers['link']);
      if (next === undefined || enough(records)) return records;
      query = queryOf(next, asks, apiUrl);
    }
    const asked = [filter.environment, filter.task].filter((part) => part !== undefined).join(', ');
    const many = `more than ${MOST_PAGES * PER_PAGE} deployments for ${plainLine(asked, 200)}`;
    throw new GitHubError('rejected', `repository ${repository}: ${many}; delete what is not needed any more`);
  }

  /** The record counts without it. */
  async function paint(id: number, { status }: NewRecord, signal?: AbortSignal): Promise<void> {
    const parameters = {
      ...{ owner, repo, deployment_id: id, state: status.state, description: describe(status), auto_inactive: false },
      ...(runUrl !== '' && { log_url: runUrl }),
    };
    const route = `POST ${DEPLOYMENTS}/{deployment_id}/statuses`;
    try {
      await api({ route, access: 'write', expected: 201, parameters, once: true }, signal);
    } catch (error) {
      log.warn(`record ${id} stands, but GitHub's pages do not show its status: ${errorMessage(error)}`);
    }
  }

  async function readBack(id: number, { environment, task }: NewRecord, signal?: AbortSignal): Promise<void> {
    for (const pause of LAG_PAUSES_MS) {
      if (pause > 0) await clock.sleep(pause, signal);
      if (signal?.aborted) break;
      const records = await read({ environment, task }, () => true, signal);
      if (records.some((record) => record.id === id)) return;
    }
    throw new GitHubError('unreachable', 'GitHub does not list it');
  }

  async function exists(id: number, signal?: AbortSignal): Promise<boolean> {
    const parameters = { owner, repo, deployment_id: id };
    const call = { route: `GET ${DEPLOYMENTS}/{deployment_id}`, access: 'read', expected: 200, parameters } as const;
    try {
      const { data } = await api(call, signal);
      if (toStoredRecord(data)?.id !== id) throw strangeAnswer(apiUrl);
      return true;
    } catch (error) {
      if (error instanceof GitHubError && error.kind === 'not-found') return false;
      throw error;
    }
  }

  return {
    read,
    exists,
    async append(record, signal) {
      const { environment, task, payload, status } = record;
      const parameters = {
        ...{ owner, repo, ref: sha, environment, task, payload, description: describe(status) },
        ...{ auto_merge: false, required_contexts: [], transient_environment: false },
        ...(environment === GATE_ENVIRONMENT && { production_environment: false }),
      };
      const { data } = await api({ route: `POST ${DEPLOYMENTS}`, access: 'write', expected: 201, parameters }, signal);
      const id = toStoredRecord(data)?.id;
      if (id === undefined) throw strangeAnswer(apiUrl);
      const painted = paint(id, record, signal);
      try {
        await readBack(id, record, signal);
      } catch (error) {
        const [kind, why] = [error instanceof GitHubError ? error.kind : 'rejected', errorMessage(error)];
        throw new GitHubError(kind, `record ${id} is written, but could not be read back: ${why}`, { cause: error });
      } finally {
        await painted;
      }
      return id;
    },
  };
}

/**
 * What a link to another page asks for, and what was asked for in the first place. The link itself is none to follow:
 * octokit takes it for a template, and fills in a `:default` or a `{task}` of its own.
 */
function queryOf(link: string, asks: Readonly<Record<string, string>>, apiUrl: string): URLSearchParams {
  if (!URL.canParse(link, apiUrl)) throw strangeAnswer(apiUrl);
  const query = new URL(link, apiUrl).searchParams;
  for (const [name, value] of Object.entries(asks)) query.set(name, value);
  return query;
}

/** Newest first, each once: a record that arrives meanwhile moves the others on, to the next page. */
function merged(before: readonly StoredRecord[], page: readonly StoredRecord[]): readonly StoredRecord[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !known.has(id))].sort((a, b) => b.id - a.id);
}

function recordsOf(data: unknown, apiUrl: string): readonly StoredRecord[] {
  const records = Array.isArray(data) ? data.map(toStoredRecord) : [undefined];
  if (records.includes(undefined)) throw strangeAnswer(apiUrl);
  return records.filter((record) => record !== undefined);
}

/** GitHub takes 140 characters, and nothing that needs four bytes. */
function describe({ description }: NewRecord['status']): string {
  return plainLine(description, LONGEST_DESCRIPTION).replaceAll(/[\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
