import type { Pod } from '../cluster/model/workload-objects.ts';
import { eventually } from '../desk/eventually.ts';
import type { ActionName } from '../runner/action-definition.ts';
import { runAction } from '../runner/run-action.ts';
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
  /** Runs an action, shows its log, the outputs that were expected, and the summary where asked for. */
  readonly run: (
    action: ActionName,
    inputs: Readonly<Record<string, string>>,
    expected: Readonly<Record<string, string>>,
    show?: 'summary',
  ) => Promise<void>;
  /** Waits for a state and shows it. */
  readonly state: (expected: State) => Promise<void>;
}

/** The steps on a shop, shown on a screen. */
export function createSteps(shop: Shop, screen: Screen): Steps {
  return {
    run: async (action, inputs, expected, show) => {
      screen.workflowStep(nameOf(action), inputs);
      const step = { inputs: { ...inputs, kubeconfig: shop.kubeconfig }, onLine: screen.log };
      const { exitCode, outputs, summary } = await runAction(action, step);
      const wrong = Object.keys(expected).filter((name) => outputs[name] !== expected[name]);
      if (show === 'summary') screen.summary(summary);
      screen.outputs(Object.fromEntries(Object.keys(expected).map((name) => [name, outputs[name] ?? ''])));
      const passes = expected['outcome'] !== 'rolled-back';
      if ((exitCode === 0) !== passes || wrong.length > 0) {
        const found = wrong.map((name) => `${name} should be ${expected[name]}`);
        throw new Error([`${nameOf(action)} ended with exit code ${exitCode}`, ...found].join('; '));
      }
    },
    state: async (expected) => {
      const wanted = describe(expected);
      let found = '';
      const asked = async () => {
        found = describe(await stateOf(shop));
        return found === wanted || undefined;
      };
      await eventually('the state', asked, { timeoutMs: 15_000 }).catch((error: unknown) => {
        throw new Error(`found ${found}, not ${wanted}`, { cause: error });
      });
      screen.state(found);
    },
  };
}

async function stateOf({ pods, answers }: Shop): Promise<State> {
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
