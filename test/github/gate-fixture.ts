import { type FakeGitHub, openFakeGitHub } from '../../sandbox/github/fake-github.ts';
import type { GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { createGate, type GateAccess } from '../../src/github/gate-store.ts';
import type { Gate, NewRecord } from '../../src/ports.ts';
import { createLogBook, type LogBook } from '../fakes/log-book.ts';
import { blockRecord, SUBJECT } from '../gate/sample-records.ts';

export interface GateFixture {
  readonly github: FakeGitHub;
  readonly token: string;
  readonly gate: Gate;
  readonly log: LogBook;
  /** The milliseconds of every sleep so far. */
  readonly slept: readonly number[];
  /** The gate of somebody with other access. */
  gateOf(differing: Partial<GateAccess>): Gate;
}

export const RUN_URL = 'https://github.com/octo/shop/actions/runs/4711';
export const SHA = '0123456789abcdef0123456789abcdef01234567';
export const FILTER = { environment: GATE_ENVIRONMENT, task: gateTask(SUBJECT.scope, SUBJECT.release) };

export const NEW_BLOCK: NewRecord = {
  ...FILTER,
  payload: blockRecord(),
  status: { state: 'failure', description: '1.1 is blocked: it crashes' },
};

/** A fake GitHub, and the gate of a workflow that may write. Sleeping moves GitHub's time on, and takes none. */
export async function openGate(): Promise<GateFixture> {
  const github = await openFakeGitHub();
  const token = github.token({ deployments: 'write' });
  const log = createLogBook();
  const slept: number[] = [];
  const clock = {
    now: () => github.clock.now(),
    async sleep(ms: number) {
      slept.push(ms);
      github.advance(ms);
    },
  };
  const access = { token, apiUrl: github.url, repository: github.repository, sha: SHA, runUrl: RUN_URL };
  const gateOf = (differing: Partial<GateAccess>) =>
    createGate({ ...access, environment: {}, clock, log, ...differing });
  return { github, token, log, slept, gate: gateOf({}), gateOf };
}

/** `forbidden: the token may …`, of what has to fail. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: GitHubError) => `${error.kind ?? error.name}: ${error.message}`,
  );
}
