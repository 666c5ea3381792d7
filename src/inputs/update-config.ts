import { composeBlock, isExtension } from './compose-block.ts';
import { isFields, type Rule, readFields } from './fields.ts';
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

const DEFAULTS = {
  update: { failureAction: 'rollback', maxFailureRatio: 0, monitorMs: MONITOR_MS },
  // A rollback is never rolled back: what is there stays.
  rollback: { failureAction: 'pause', maxFailureRatio: 0, monitorMs: MONITOR_MS },
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

export interface UpdateConfigs {
  readonly updateConfig: UpdateConfig;
  readonly rollbackConfig: UpdateConfig;
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
}

/**
 * Reads the inputs `update-config` and `rollback-config`. Both take what stands in a docker-compose file as it stands
 * there; a `rollback_config` that was pasted into the first one counts where the second one is empty.
 */
export async function readUpdateConfigs(texts: {
  readonly update: string;
  readonly rollback: string;
}): Promise<UpdateConfigs> {
  const update = await readInput('update-config', texts.update);
  const rollback = await readInput('rollback-config', texts.rollback);
  const forUpdate = readConfig('update', 'update-config', update.block ? update.block.update : update.value);
  const pasted = rollback.value === undefined ? update.block?.rollback : undefined;
  const forRollback =
    pasted === undefined
      ? readConfig('rollback', 'rollback-config', rollback.block ? rollback.block.rollback : rollback.value)
      : readConfig('rollback', 'update-config: rollback_config', pasted);
  return {
    updateConfig: forUpdate.config,
    rollbackConfig: forRollback.config,
    problems: [...update.problems, ...forUpdate.problems, ...rollback.problems, ...forRollback.problems],
  };
}

async function readInput(input: 'update-config' | 'rollback-config', text: string) {
  const { value, problems } = await parseYamlInput(input, text);
  const block = composeBlock(input, value);
  return { value, block, problems: [...problems, ...(block?.problems ?? [])] };
}

function readConfig(
  kind: keyof typeof DEFAULTS,
  where: string,
  value: unknown,
): { readonly config: UpdateConfig; readonly problems: readonly string[] } {
  const defaults = DEFAULTS[kind];
  if (value === undefined) return { config: defaults, problems: [] };
  const { fields, problems } = readFields<ComposeConfig>(where, withoutExtensions(value), {
    parallelism: orText(integer(0, 10_000)),
    delay: duration('10s, 1m30s or 500ms'),
    failure_action: kind === 'rollback' ? actionAfterRollback : oneOf(['rollback', 'pause', 'continue']),
    monitor: duration('15s, 1m30s, or 0s for no window', 0, LONGEST_MONITOR_MS),
    max_failure_ratio: orText(number(0, 1)),
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

function withoutExtensions(value: unknown): unknown {
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isExtension(key)));
}

/** Compose takes a number in quotes, too (compose-spec, schema/compose-spec.json). */
function orText(rule: Rule<number>): Rule<number> {
  return (value) => rule(typeof value === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : value);
}

function actionAfterRollback(value: unknown) {
  if (value === 'rollback')
    return { problem: 'rollback is not possible, a rollback is never rolled back: use pause, continue' };
  return oneOf(['pause', 'continue'])(value);
}
