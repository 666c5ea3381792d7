import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import type { FakeGitHub } from '../github/fake-github.ts';

type Inputs = Readonly<Record<string, string>>;

/** What a repository's log holds, what the gate is asked then, and what it must answer. */
export interface GateCase {
  readonly title: string;
  readonly fill: (github: FakeGitHub) => void;
  readonly inputs?: Inputs;
  readonly answer: 'open' | 'release-blocked' | 'not-verified';
}

const MANY = 10_000;

const said = {
  v: 1,
  scope: 'default',
  reason: '',
  actor: 'octocat',
  runUrl: '',
  runId: '1',
  at: '2026-11-21T12:00:00Z',
};

const block = (release: string) => ({ ...said, release, kind: 'release-block', environment: 'staging' });
const unblock = (release: string, lifts: number) => ({ ...said, release, kind: 'release-unblock', lifts });

function deployed(running: string, environment: string) {
  const ran = { outcome: 'succeeded', mode: 'deploy', running, verified: true, blocks: [] };
  const payload = { ...said, ...ran, release: running, kind: 'release-deployed', environment };
  return {
    ...{ environment, task: deployTask('default'), payload: { ...payload, namespace: '', workloads: [] } },
    createdAt: Date.now() - 7_200_000,
  };
}

function about(release: string, payload: unknown) {
  return { environment: GATE_ENVIRONMENT, task: gateTask('default', release), payload };
}

/** So many records of other releases: blocked, lifted, deployed. */
function fillOthers(github: FakeGitHub, count: number): void {
  for (let made = 0; made < count; made += 4) {
    const release = `0.${made}`;
    const [id = 0] = github.seed([about(release, block(release))]);
    github.seed([about(release, unblock(release, id)), deployed(release, 'staging'), deployed(release, 'production')]);
  }
}

function blockAndLift(github: FakeGitHub): number {
  const [id = 0] = github.seed([about('1.1', block('1.1'))]);
  github.seed([about('1.1', unblock('1.1', id))]);
  return id;
}

/** Blocked here, deployed there: all that the gate may have to know, once it asks what ran in staging for an hour. */
const afterStaging = { after: 'staging', soak: '1h' };

export const everydayCases: readonly GateCase[] = [
  { title: 'nothing was said', fill: () => {}, answer: 'open' },
  { title: 'blocked', fill: (github) => void github.seed([about('1.1', block('1.1'))]), answer: 'release-blocked' },
  { title: 'blocked, and lifted', fill: blockAndLift, answer: 'open' },
  {
    title: 'blocked, but runs here',
    fill: (github) => void github.seed([about('1.1', block('1.1')), deployed('1.1', 'production')]),
    answer: 'open',
  },
  {
    title: 'soaked in staging',
    fill: (github) => void github.seed([deployed('1.1', 'staging')]),
    ...{ inputs: afterStaging, answer: 'open' },
  },
  {
    title: 'soaked, blocked by that run, lifted',
    fill: (github) => {
      const blocked = deployed('1.1', 'staging');
      const id = blockAndLift(github);
      github.seed([{ ...blocked, payload: { ...blocked.payload, blocks: [{ id, release: '1.1' }] } }]);
    },
    ...{ inputs: afterStaging, answer: 'open' },
  },
];

export const crowdedCases: readonly GateCase[] = [
  { title: 'of other releases', fill: (github) => fillOthers(github, MANY), answer: 'open' },
  {
    title: 'of other releases; soaked in staging',
    fill: (github) => {
      fillOthers(github, MANY);
      github.seed([deployed('1.1', 'staging')]);
    },
    ...{ inputs: afterStaging, answer: 'open' },
  },
  {
    title: 'of this one, 5,000 times blocked and lifted',
    fill: (github) => {
      for (let count = 0; count < MANY; count += 2) blockAndLift(github);
    },
    answer: 'open',
  },
  {
    title: 'worst: of this one, all blocks',
    fill: (github) => void github.seed(Array.from({ length: MANY }, () => about('1.1', block('1.1')))),
    answer: 'release-blocked',
  },
  {
    title: 'worst: of this one, the oldest lifted 9,999 times',
    fill: (github) => {
      const [id = 0] = github.seed([about('1.1', block('1.1'))]);
      github.seed(Array.from({ length: MANY - 1 }, () => about('1.1', unblock('1.1', id))));
    },
    answer: 'open',
  },
  {
    title: 'worst: never verified in staging',
    fill: (github) => void github.seed(Array.from({ length: MANY }, () => deployed('1.0', 'staging'))),
    ...{ inputs: afterStaging, answer: 'not-verified' },
  },
];
