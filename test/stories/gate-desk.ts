import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { type FakeGitHub, openFakeGitHub } from '../../sandbox/github/fake-github.ts';
import type { StoredDeployment } from '../../sandbox/github/records.ts';
import type { ActionName } from '../../sandbox/runner/action-definition.ts';
import type { ActionRun, RunOptions } from '../../sandbox/runner/run-action.ts';
import type { GateRecord } from '../../src/gate/record.ts';
import { GATE_ENVIRONMENT } from '../../src/gate/task.ts';
import type { Inputs, Story } from './story.ts';

/** A desk whose repository has a GitHub, and whose environments are Deployments of their names. */
export interface GateDesk {
  readonly desk: Desk;
  readonly github: FakeGitHub;
  /** Runs the root action in an environment, with the release's web image unless inputs name another. */
  readonly deploy: (environment: string, release: string, inputs?: Inputs, options?: Options) => Promise<ActionRun>;
  /** Deploys a release whose pods end at once. */
  readonly deployBad: (environment: string, release: string, inputs?: Inputs, options?: Options) => Promise<ActionRun>;
  /** Runs the root action in mode rollback; an empty release is the one before the live one. */
  readonly rollBack: (environment: string, release: string, inputs?: Inputs, options?: Options) => Promise<ActionRun>;
  /** Runs gate/, block/ or unblock/. */
  readonly run: (action: 'gate' | 'block' | 'unblock', inputs: Inputs, options?: Options) => Promise<ActionRun>;
  /** Runs promote/ or abort/ in an environment. */
  readonly decide: (action: 'promote' | 'abort', environment: string, inputs?: Inputs) => Promise<ActionRun>;
  /** What stands at the gate, the oldest first. */
  readonly records: () => readonly (StoredDeployment & { readonly payload: GateRecord })[];
}

export type Options = Omit<RunOptions, 'inputs'>;

const unwatched = { 'update-config': 'monitor: 0s', 'rollback-config': 'monitor: 0s', timeout: '60s' };

/** A story with a GitHub of its own, to which no request may be wrong. */
export function gateStory(title: string, tell: (at: GateDesk) => Promise<void>, rest: Partial<Story> = {}): Story {
  return {
    ...rest,
    title: `the gate: ${title}`,
    tell: async (desk) => {
      const github = await openFakeGitHub();
      try {
        await tell(openGateDesk(desk, github));
        expect(github.violations).toEqual([]);
      } finally {
        await github.close();
      }
    },
  };
}

function openGateDesk(desk: Desk, github: FakeGitHub): GateDesk {
  const token = github.token({ deployments: 'write' });
  let runs = 4710;
  const run = (action: ActionName, inputs: Inputs, { environment, ...options }: Options = {}) => {
    runs += 1;
    const variables = { GITHUB_RUN_ID: String(runs), ...environment };
    return desk.run(action, inputs, {
      github: { apiUrl: github.url, token },
      ...options,
      environment: variables,
    });
  };
  const roll = (environment: string, inputs: Inputs, options?: Options) =>
    run('root', { deployment: environment, environment, ...unwatched, ...inputs }, options);
  const deploy: GateDesk['deploy'] = (environment, release, inputs, options) =>
    roll(environment, { release, images: `web=${webImage(release)}`, ...inputs }, options);
  return {
    ...{ desk, github, deploy, run },
    decide: (action, environment, inputs) => {
      const { 'update-config': _forward, ...back } = unwatched;
      const windows = action === 'promote' ? unwatched : back;
      return run(action, { deployment: environment, environment, ...windows, ...inputs });
    },
    deployBad: (environment, release, inputs, options) => {
      const bad = { images: `web=${webImage('1.1', 'noexec')}`, 'fail-fast': 'strict' };
      return deploy(environment, release, { ...bad, ...inputs }, options);
    },
    rollBack: (environment, release, inputs, options) =>
      roll(environment, { release, mode: 'rollback', ...inputs }, options),
    records: () =>
      github
        .deployments()
        .filter((each) => each.environment === GATE_ENVIRONMENT)
        .map((each) => ({ ...each, payload: each.payload as GateRecord }))
        .toReversed(),
  };
}

/** How a run ended: exit code, outcome or whether it was allowed, and why. */
export function ending({ exitCode, outputs }: ActionRun): readonly unknown[] {
  return [exitCode, outputs['outcome'] ?? outputs['allowed'], outputs['reason-code']];
}

/** The one error that a run shows on GitHub's pages. */
export function errorOf({ annotations }: ActionRun): string {
  const errors = annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors).toHaveLength(1);
  return errors[0] ?? '';
}
