import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { FakeGitHub } from '../../sandbox/github/fake-github.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { ending, errorOf, gateStory, type Options } from './gate-desk.ts';
import { imageOf, type Story } from './story.ts';

const said = { v: 1, release: '1.1', scope: 'default', reason: 'it leaks', at: '2026-11-21T12:00:00Z' };
const who = { actor: 'mallory', runUrl: '', runId: '1' };
const blockPayload = { ...said, ...who, kind: 'release-block', environment: 'staging' };
const mallory = { login: 'mallory', app: '' };

/** Puts one record about 1.1 at the gate; gives its id. */
function put(github: FakeGitHub, payload: unknown, writer?: typeof mallory): number {
  const task = gateTask('default', '1.1');
  return github.seed([{ environment: GATE_ENVIRONMENT, task, payload, ...(writer && { writer }) }])[0] ?? 0;
}

/** A run in staging that says it wrote a block, which somebody has deleted since. */
function deleteBlock(github: FakeGitHub): number {
  const id = put(github, blockPayload);
  const ran = { kind: 'release-deployed', environment: 'staging', outcome: 'rolled-back', mode: 'deploy' };
  const runs = { running: '1.0', verified: true, blocks: [{ id, release: '1.1' }], namespace: '', workloads: [] };
  const payload = { ...said, ...who, ...ran, ...runs };
  github.seed([{ environment: 'staging', task: deployTask('default'), payload }]);
  github.remove(id);
  return id;
}

/** A block that was lifted, and blocked anew; somebody has deleted the newer block, which its unblock told of. */
function deleteFromChain(github: FakeGitHub): number {
  const first = put(github, blockPayload);
  const gone = put(github, { ...blockPayload, previous: first });
  put(github, { ...said, ...who, kind: 'release-unblock', lifts: first, previous: gone });
  github.remove(gone);
  return gone;
}

interface Case {
  readonly title: string;
  /** Makes it so; gives the record that is to blame, if one is. */
  readonly arrange: (github: FakeGitHub) => number | undefined;
  readonly token?: (github: FakeGitHub) => string;
  readonly code: string;
  readonly line: RegExp;
}

const unreadable = { code: 'gate-unreadable' };
const nothing = () => undefined;

const cases: readonly Case[] = [
  {
    title: 'the API is down',
    arrange: (github) => void github.faults.always({ answer: 503 }),
    ...{ code: 'github-unreachable', line: /GitHub at http\S+: it answers 503/ },
  },
  {
    title: 'the connection is cut',
    arrange: (github) => void github.faults.always({ reset: 'before' }),
    ...{ code: 'github-unreachable', line: /GitHub at http\S+: the connection was cut/ },
  },
  {
    title: 'the hourly limit is used up',
    arrange: (github) => void github.faults.always({ limited: 'primary', resetAfterSeconds: 3000 }),
    ...{ code: 'github-limited', line: /takes no more requests of this token before/ },
  },
  {
    title: 'the token may not read deployments',
    arrange: nothing,
    token: (github) => github.token({ deployments: 'none' }),
    ...{ code: 'github-forbidden', line: /permissions: \{ deployments: (read|write) \}/ },
  },
  {
    title: 'the token is nobody’s',
    arrange: nothing,
    token: () => 'ghs_nobody',
    ...{ code: 'github-unauthorized', line: /token/ },
  },
  {
    title: 'the newest record is no object',
    arrange: (github) => put(github, 'blocked'),
    ...{ ...unreadable, line: /its payload is no object/ },
  },
  {
    title: 'the newest record is of a version to come',
    arrange: (github) => put(github, { ...blockPayload, v: 2 }),
    ...{ ...unreadable, line: /its version is 2, and this Rollkey knows 1/ },
  },
  {
    title: 'a stranger unblocked it',
    arrange: (github) => {
      const block = put(github, blockPayload);
      return put(github, { ...said, ...who, kind: 'release-unblock', lifts: block }, mallory);
    },
    ...{ ...unreadable, line: /mallory wrote it, whom trusted-writers does not name/ },
  },
  {
    title: 'somebody deleted a record that the next one names',
    arrange: deleteFromChain,
    ...{ ...unreadable, line: /somebody deleted it/ },
  },
  {
    title: 'somebody deleted a block that a run tells of',
    arrange: deleteBlock,
    ...{ ...unreadable, line: /somebody deleted it/ },
  },
];

export const gateClosed: readonly Story[] = cases.map(({ title, arrange, token, code, line }) =>
  gateStory(`closed, since ${title}`, async ({ desk, deploy, github, run }) => {
    await desk.install({ name: 'production', image: webImage('1.0') });
    const id = arrange(github);
    const options: Options = token ? { github: { apiUrl: github.url, token: token(github) } } : {};
    const asking = run('gate', { release: '1.1', environment: 'production', after: 'staging' }, options);
    const entering = deploy('production', '1.1', {}, options);
    const [asked, entered] = await Promise.all([asking, entering]);
    expect(ending(asked)).toEqual([1, 'false', code]);
    expectOneLine(errorOf(asked), line, id);
    expect(ending(entered)).toEqual([1, 'blocked', 'gate-unreadable']);
    expectOneLine(errorOf(entered), line, id);
    expect(entered.summary).toMatch(/^### Stopped/);
    expect(imageOf(await desk.deployment('production'))).toBe(webImage('1.0'));
  }),
);

function expectOneLine(message: string, line: RegExp, id: number | undefined): void {
  expect(message).toMatch(line);
  expect(message).not.toContain('\n');
  if (id !== undefined) expect(message).toContain(`record ${id}`);
}
