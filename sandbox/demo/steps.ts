import type { Pod } from '../cluster/model/workload-objects.ts';
import { eventually } from '../desk/eventually.ts';
import type { ActionName } from '../runner/action-definition.ts';
import { runAction } from '../runner/run-action.ts';
import type { Place } from './place.ts';
import type { Screen } from './screen.ts';
import type { Shop } from './shop.ts';

/** Pods by their image's tag, and what the Service answers. */
export interface State {
  readonly ready: Readonly<Record<string, number>>;
  readonly failing?: Readonly<Record<string, number>>;
  readonly answers: string;
}

/** What happens in the story. Each rejects when it did not end as told. */
export interface Steps {
  /** Runs an action, shows its log, the outputs that were expected, and the summary where asked for; gives all outputs. */
  readonly run: (step: Step) => Promise<Readonly<Record<string, string>>>;
  /** Waits for a state of an environment and shows it. */
  readonly state: (place: Place, expected: State) => Promise<void>;
}

export interface Step {
  readonly action: ActionName;
  /** The environment whose cluster it reaches; none for an action that reaches no cluster. */
  readonly at?: Place;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, string>>;
  /** Whether the job fails by it. */
  readonly fails?: boolean;
  readonly showSummary?: boolean;
}

/** GitHub counts runs; this one's are a few. */
const FIRST_RUN = 4711;

/** The steps on a shop, shown on a screen. */
export function createSteps({ github }: Shop, screen: Screen): Steps {
  let runs = 0;
  return {
    run: async ({ action, at, inputs, expected, fails = false, showSummary = false }) => {
      screen.workflowStep(nameOf(action), inputs);
      const environment = { GITHUB_RUN_ID: String(FIRST_RUN + runs) };
      runs += 1;
      const given = { ...inputs, ...(at && { kubeconfig: at.kubeconfig }) };
      const { exitCode, outputs, summary } = await runAction(action, {
        inputs: given,
        environment,
        github,
        onLine: screen.log,
      });
      const wrong = Object.keys(expected).filter((name) => outputs[name] !== expected[name]);
      if (showSummary) screen.summary(summary);
      screen.outputs(Object.fromEntries(Object.keys(expected).map((name) => [name, outputs[name] ?? ''])));
      if ((exitCode !== 0) !== fails || wrong.length > 0) {
        const found = wrong.map((name) => `${name} should be ${expected[name]}`);
        throw new Error([`${nameOf(action)} ended with exit code ${exitCode}`, ...found].join('; '));
      }
      return outputs;
    },
    state: async (place, expected) => {
      const wanted = describe(expected);
      let found = '';
      const asked = async () => {
        found = describe(await stateOf(place));
        return found === wanted || undefined;
      };
      await eventually('the state', asked, { timeoutMs: 15_000 }).catch((error: unknown) => {
        throw new Error(`found ${found}, not ${wanted}`, { cause: error });
      });
      screen.state(`${place.environment} has ${found}`);
    },
  };
}

async function stateOf({ pods, answers }: Place): Promise<State> {
  const all = await pods();
  return {
    ready: byTag(all.filter(isReady)),
    failing: byTag(all.filter((pod) => !isReady(pod) && restarts(pod) > 0)),
    answers: (await answers()).join(', '),
  };
}

/** As one line: order and what is empty do not matter. */
function describe({ ready, failing = {}, answers }: State): string {
  return `${[...counts(ready, 'ready'), ...counts(failing, 'crashing')].sort().join(', ')}; the service answers ${answers}`;
}

function counts(pods: Readonly<Record<string, number>> = {}, word: string): readonly string[] {
  return Object.entries(pods).map(([tag, count]) => `${count} pods of web:${tag} ${word}`);
}

function byTag(pods: readonly Pod[]): Readonly<Record<string, number>> {
  const tags = pods.map(({ spec }) => spec.containers[0]?.image.replace(/^.*:/, '') ?? '');
  return Object.fromEntries([...new Set(tags)].map((tag) => [tag, tags.filter((other) => other === tag).length]));
}

function isReady({ status }: Pod): boolean {
  return status.containerStatuses?.every(({ ready }) => ready) ?? false;
}

function restarts({ status }: Pod): number {
  return Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

function nameOf(action: ActionName): string {
  return action === 'root' ? 'rollkey' : `rollkey/${action}`;
}
