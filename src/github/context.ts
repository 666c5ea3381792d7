import { tmpdir } from 'node:os';

/** What the runner says about the run; empty strings where it says nothing. */
export interface RunContext {
  /** The event that started the workflow, e.g. `workflow_dispatch`. */
  readonly trigger: string;
  /** Who started this run; on a re-run not the one who started the first. */
  readonly actor: string;
  readonly runUrl: string;
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
    temp: value('RUNNER_TEMP') || tmpdir(),
  };
}
