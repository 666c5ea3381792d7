import { errorMessage } from './errors.ts';
import type { Runner } from './github/runner.ts';
import { type ClusterInputs, readClusterInputs } from './inputs/read-inputs.ts';
import { history } from './operations/history.ts';
import { formatHistory } from './report/history.ts';
import type { HistoryRow } from './report/history-row.ts';
import { safeLine } from './report/log-line.ts';
import { type Connect, withCluster, writeSummary } from './run.ts';

/** Runs history/: the table in the summary, the rows as JSON. Never throws. */
export async function runHistory(runner: Runner, connect: Connect): Promise<void> {
  runner.output('history', '[]');
  runner.interrupt.addEventListener('abort', () => [runner.fail(), runner.leave()]);
  try {
    const inputs = readClusterInputs(runner.input);
    const rows = await withCluster(inputs, runner, connect, (ports, refs) => history(ports, refs));
    runner.output('history', JSON.stringify(rows));
    runner.output('live-release', sharedRelease(inputs, rows, 'live'));
    runner.output('last-good-release', sharedRelease(inputs, rows, 'lastGood'));
    await writeSummary(runner, formatHistory(rows, Date.now()));
  } catch (error) {
    const message = safeLine(errorMessage(error));
    runner.annotate({ level: 'error', title: 'The history could not be read', message });
    runner.fail();
  }
}

/** The release that has the mark on every workload; empty where they differ. */
function sharedRelease({ deployments }: ClusterInputs, rows: readonly HistoryRow[], mark: 'live' | 'lastGood'): string {
  const marked = rows.filter((row) => row[mark]);
  const [release = '', ...others] = new Set(
    deployments.map((name) => marked.find(({ workload }) => workload === `deployment/${name}`)?.release ?? ''),
  );
  return others.length === 0 ? release : '';
}
