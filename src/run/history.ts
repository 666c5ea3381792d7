import { errorMessage } from '../errors.ts';
import type { Board } from '../gate/board.ts';
import type { Runner } from '../github/runner.ts';
import { type HistoryInputs, readHistoryInputs } from '../inputs/read-history-inputs.ts';
import type { ClusterInputs } from '../inputs/read-inputs.ts';
import { readBoard } from '../operations/board.ts';
import { history } from '../operations/history.ts';
import type { Gate } from '../ports.ts';
import { listReleases } from '../release/release-text.ts';
import { boardSections, noBoard } from '../report/board.ts';
import { formatHistory, historyLines } from '../report/history.ts';
import type { HistoryRow } from '../report/history-row.ts';
import { safeLine } from '../report/log-line.ts';
import { writeSummary } from './tell-runner.ts';
import { type Connect, type OpenGate, withCluster } from './train.ts';

/** Longer than this nobody waits for GitHub when the cluster has answered. Milliseconds. */
const PATIENCE_MS = 20_000;

/** Runs history/: the tables in the summary, their rows as JSON. Never throws; without GitHub there is no board, and that is all. */
export async function runHistory(runner: Runner, connect: Connect, openGate: OpenGate): Promise<void> {
  runner.output('history', '[]');
  runner.output('board', boardOutput(EMPTY, 'it was not read'));
  runner.interrupt.addEventListener('abort', () => [runner.fail(), runner.leave()]);
  const over = new AbortController();
  try {
    const inputs = readHistoryInputs(runner.input);
    const patience = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const reading = boardIfAny(inputs, (token) => openGate(token, runner), patience);
    const rows = await withCluster(inputs, runner, connect, (ports, refs) => history(ports, refs));
    const { board, missing } = await reading;
    runner.output('history', JSON.stringify(rows));
    runner.output('live-release', sharedRelease(inputs, rows, 'live'));
    runner.output('last-good-release', sharedRelease(inputs, rows, 'lastGood'));
    runner.output('board', boardOutput(board, missing));
    const now = Date.now();
    const sections = missing ? [noBoard(missing)] : boardSections(board, runner.context.runUrl, now);
    const blocked = board.rows.flatMap(({ release, closed }) => (closed ? [release] : []));
    for (const line of [...historyLines(rows), ...blockedLines(blocked)]) runner.log.info(safeLine(line));
    await writeSummary(runner, formatHistory(rows, now, sections, blocked));
  } catch (error) {
    const message = safeLine(errorMessage(error));
    runner.annotate({ level: 'error', title: 'The history could not be read', message });
    runner.fail();
  } finally {
    over.abort();
  }
}

const EMPTY: Board = { scope: '', environments: [], rows: [], cut: false };

function boardOutput(board: Board, missing: string): string {
  return JSON.stringify({ schemaVersion: 1, ...board, missing });
}

function blockedLines(releases: readonly string[]): readonly string[] {
  return releases.length === 0 ? [] : [`the gate is closed to ${listReleases(releases)}`];
}

/** The board, or why there is none. Never rejects. */
async function boardIfAny(
  { scope, trust, token }: HistoryInputs,
  open: (token: string) => Gate,
  signal: AbortSignal,
): Promise<{ readonly board: Board; readonly missing: string }> {
  const none = { ...EMPTY, scope };
  if (token === '')
    return { board: none, missing: 'it needs the input github-token and `permissions: { deployments: read }`' };
  try {
    return { board: await readBoard(open(token), scope, trust, signal), missing: '' };
  } catch (error) {
    return { board: none, missing: safeLine(errorMessage(error)) };
  }
}

/** The release that has the mark on every workload; empty where they differ. */
function sharedRelease({ workloads }: ClusterInputs, rows: readonly HistoryRow[], mark: 'live' | 'lastGood'): string {
  const marked = rows.filter((row) => row[mark]);
  const [release = '', ...others] = new Set(
    workloads.map(({ kind, name }) => marked.find(({ workload }) => workload === `${kind}/${name}`)?.release ?? ''),
  );
  return others.length === 0 ? release : '';
}
