import { isFields, readFields } from './fields.ts';
import { duration, integer, number, oneOf } from './rules.ts';
import { parseYamlInput } from './yaml-input.ts';

/**
 * How pods are replaced and what follows a failure: `deploy.update_config` of the Compose specification
 * (https://docs.docker.com/reference/compose-file/deploy/).
 */
export interface UpdateConfig {
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  /** Share of the desired pods that may fail: more than it fails the release. */
  readonly maxFailureRatio: number;
  /** Milliseconds for which each pod is watched after it first was ready; 0 for no window (Compose: its default, 5 s). */
  readonly monitorMs: number;
  /** Pods at a time; 0 for all at once. */
  readonly parallelism?: number;
  /** Milliseconds between two groups of pods. */
  readonly delayMs?: number;
  readonly order?: 'start-first' | 'stop-first';
}

/** Swarm's window of 5 s misses a release that dies ten seconds after it was ready; watching longer costs no request. */
const MONITOR_MS = 15_000;

const INPUTS = {
  'update-config': {
    key: 'update_config',
    defaults: { failureAction: 'rollback', maxFailureRatio: 0, monitorMs: MONITOR_MS },
  },
  'rollback-config': {
    key: 'rollback_config',
    // A rollback is never rolled back: what is there stays.
    defaults: { failureAction: 'pause', maxFailureRatio: 0, monitorMs: MONITOR_MS },
  },
} as const;

const LONGEST_MONITOR_MS = 3_600_000;

interface ComposeConfig {
  readonly parallelism: number;
  readonly delay: number;
  readonly failure_action: UpdateConfig['failureAction'];
  readonly monitor: number;
  readonly max_failure_ratio: number;
  readonly order: 'start-first' | 'stop-first';
}

/** Reads `update-config` or `rollback-config`; one line for each thing that is wrong. */
export async function readUpdateConfig(
  input: keyof typeof INPUTS,
  text: string,
): Promise<{ readonly config: UpdateConfig; readonly problems: readonly string[] }> {
  const { key, defaults } = INPUTS[input];
  const { value, problems: unreadable } = await parseYamlInput(input, text);
  if (value === undefined) return { config: defaults, problems: unreadable };
  const { fields, problems } = readFields<ComposeConfig>(input, unwrapped(value, key), {
    parallelism: integer(0, 10_000),
    delay: duration('10s, 1m30s or 500ms'),
    failure_action: input === 'rollback-config' ? actionAfterRollback : oneOf(['rollback', 'pause', 'continue']),
    monitor: duration('15s, 1m30s, or 0s for no window', 0, LONGEST_MONITOR_MS),
    max_failure_ratio: number(0, 1),
    order: oneOf(['start-first', 'stop-first']),
  });
  const config = {
    failureAction: fields.failure_action ?? defaults.failureAction,
    maxFailureRatio: fields.max_failure_ratio ?? defaults.maxFailureRatio,
    monitorMs: fields.monitor ?? defaults.monitorMs,
    ...(fields.parallelism !== undefined && { parallelism: fields.parallelism }),
    ...(fields.delay !== undefined && { delayMs: fields.delay }),
    ...(fields.order !== undefined && { order: fields.order }),
  };
  return { config, problems };
}

function actionAfterRollback(value: unknown) {
  if (value === 'rollback')
    return { problem: 'rollback is not possible, a rollback is never rolled back: use pause, continue' };
  return oneOf(['pause', 'continue'])(value);
}

/** What is below `update_config:` or `deploy: update_config:` in a block that was pasted with them. */
function unwrapped(value: unknown, key: string): unknown {
  const inner = isFields(value) && isSole(value, 'deploy') ? value['deploy'] : value;
  const siblings = [INPUTS['update-config'].key, INPUTS['rollback-config'].key] as readonly string[];
  if (!isFields(inner) || !Object.hasOwn(inner, key)) return inner;
  return Object.keys(inner).every((each) => siblings.includes(each)) ? inner[key] : inner;
}

function isSole(value: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.keys(value).join() === key;
}
