import { tmpdir } from 'node:os';

/** What the runner says about the run; empty strings where it says nothing. */
export interface RunContext {
  /** The event that started the workflow, e.g. `workflow_dispatch`. */
  readonly trigger: string;
  /** Who started this run; on a re-run not the one who started the first. */
  readonly actor: string;
  readonly runUrl: string;
  /** The same for all attempts of a run. */
  readonly runId: string;
  /** From 1 on; more than that is a re-run. */
  readonly runAttempt: number;
  /** `octo/shop` */
  readonly repository: string;
  /** The commit that the run is about. */
  readonly sha: string;
  readonly apiUrl: string;
  /** A folder that the runner empties after the job. */
  readonly temp: string;
}

/** Reads the runner's variables (https://docs.github.com/actions/reference/variables-reference). */
export function readContext(environment: Readonly<Record<string, string | undefined>>): RunContext {
  const value = (name: string) => environment[name] ?? '';
  const [server, repository, run] = [value('GITHUB_SERVER_URL'), value('GITHUB_REPOSITORY'), value('GITHUB_RUN_ID')];
  return {
    trigger: value('GITHUB_EVENT_NAME'),
    actor: value('GITHUB_TRIGGERING_ACTOR') || value('GITHUB_ACTOR'),
    runUrl: server && repository && run ? `${server}/${repository}/actions/runs/${run}` : '',
    runId: run,
    runAttempt: Number(value('GITHUB_RUN_ATTEMPT')) || 1,
    repository,
    sha: value('GITHUB_SHA'),
    apiUrl: value('GITHUB_API_URL').replace(/\/+$/, '') || 'https://api.github.com',
    temp: value('RUNNER_TEMP') || tmpdir(),
  };
}
