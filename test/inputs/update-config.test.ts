import { describe, expect, test } from '@jest/globals';
import { readUpdateConfigs } from '../../src/inputs/update-config.ts';
import { HOSTILE_YAML } from './hostile-yaml.ts';

async function readUpdate(update: string) {
  const { updateConfig, problems } = await readUpdateConfigs({ update, rollback: '' });
  return { config: updateConfig, problems };
}

async function readRollback(rollback: string) {
  const { rollbackConfig, problems } = await readUpdateConfigs({ update: '', rollback });
  return { config: rollbackConfig, problems };
}

const DEFAULTS = { failureAction: 'rollback', maxFailureRatio: 0, monitorMs: 15_000 };
/** A merge key is none in a Compose file. */
const HOSTILE = Object.entries(HOSTILE_YAML).filter(([what]) => what !== 'a merge key');
const KNOWN = 'parallelism, delay, failure_action, monitor, max_failure_ratio, order';

describe('update-config', () => {
  test.each<readonly [string, object]>([
    ['', {}],
    ['monitor: 1m30s', { monitorMs: 90_000 }],
    ['monitor: 0s', { monitorMs: 0 }],
    ['monitor: 0', { monitorMs: 0 }],
    ['failure_action: pause', { failureAction: 'pause' }],
    ['failure_action: "continue"', { failureAction: 'continue' }],
    ['max_failure_ratio: 0.3', { maxFailureRatio: 0.3 }],
    ['max_failure_ratio: 1', { maxFailureRatio: 1 }],
    ['{max_failure_ratio: "0.3", parallelism: "2"}', { maxFailureRatio: 0.3, parallelism: 2 }],
    ['<<: {monitor: 5s}', { monitorMs: 5_000 }],
    ['{monitor: 5s, x-why: it is slow}', { monitorMs: 5_000 }],
    ['rollback_config: {monitor: 5s}', {}],
    ['parallelism: 0', { parallelism: 0 }],
    ['{parallelism: 2, delay: 500ms, order: start-first}', { parallelism: 2, delayMs: 500, order: 'start-first' }],
    ['order: stop-first # as Swarm', { order: 'stop-first' }],
    ['update_config:\n  monitor: 5s', { monitorMs: 5_000 }],
    ['deploy:\n  update_config:\n    monitor: 5s', { monitorMs: 5_000 }],
    ['update_config: {monitor: 5s}\nrollback_config: {monitor: 6s}', { monitorMs: 5_000 }],
    ['deploy: {rollback_config: {monitor: 6s}, update_config: {monitor: 5s}}', { monitorMs: 5_000 }],
  ])('%j', async (text, config) => {
    expect(await readUpdate(text)).toEqual({ config: { ...DEFAULTS, ...config }, problems: [] });
  });

  test.each<readonly [string, string]>([
    ['monitor: 5', 'monitor 5 is no duration: write 15s, 1m30s, or 0s for no window'],
    ['monitor: soon', 'monitor "soon" is no duration: write 15s, 1m30s, or 0s for no window'],
    ['monitor: -1s', 'monitor "-1s" is no duration: write 15s, 1m30s, or 0s for no window'],
    ['monitor: 2h', 'monitor "2h" is too long: write 60m or less'],
    ['monitor:', 'monitor is empty: give it a value, or leave it out'],
    ['monitor: [1s]', 'monitor a list is no duration: write 15s, 1m30s, or 0s for no window'],
    ['delay: 1', 'delay 1 is no duration: write 10s, 1m30s or 500ms'],
    ['parallelism: -1', 'parallelism -1 is no whole number from 0 to 10000'],
    ['parallelism: 1.5', 'parallelism 1.5 is no whole number from 0 to 10000'],
    ['parallelism: "1.5"', 'parallelism 1.5 is no whole number from 0 to 10000'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's own variable.
    ['parallelism: "${P:-2}"', 'parallelism "${P:-2}" is no whole number from 0 to 10000'],
    ['max_failure_ratio: 30', 'max_failure_ratio 30 is no number from 0 to 1: write it without quotes'],
    ['max_failure_ratio: "3"', 'max_failure_ratio 3 is no number from 0 to 1: write it without quotes'],
    ['max_failure_ratio: 30%', 'max_failure_ratio "30%" is no number from 0 to 1: write it without quotes'],
    ['max_failure_ratio: .nan', 'max_failure_ratio NaN is no number from 0 to 1: write it without quotes'],
    ['max_failure_ratio: {}', 'max_failure_ratio a map is no number from 0 to 1: write it without quotes'],
    ['failure_action: undo', 'failure_action "undo" is unknown: use rollback, pause, continue'],
    ['failure_action: true', 'failure_action true is unknown: use rollback, pause, continue'],
    ['order: any', 'order "any" is unknown: use start-first, stop-first'],
    ['failure-action: pause', `failure-action is unknown: use ${KNOWN}`],
    ['[]', `is a list: write keys (${KNOWN})`],
    ['5s', `is text: write keys (${KNOWN})`],
    ['update_config: 5s', `is text: write keys (${KNOWN})`],
  ])('%j', async (text, problem) => {
    const { problems } = await readUpdate(text);
    expect(problems).toEqual([`update-config: ${problem}`]);
  });

  test('everything that is wrong is said at once', async () => {
    const { problems } = await readUpdate('monitor: x\norder: x\nparallelism: x\nx: y\nupdate_config: {}');
    expect(problems).toHaveLength(5);
  });

  test.each(HOSTILE)('%s does no harm', async (_what, text) => {
    const { config, problems } = await readUpdate(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(10);
    for (const problem of problems) expect(problem).toMatch(/^update-config[^\p{Cc}\p{Cs}]{1,300}$/u);
    expect(config).toEqual(DEFAULTS);
  });
});

describe('rollback-config', () => {
  test('a rollback is left as it is, unless it says otherwise', async () => {
    const config = { failureAction: 'pause', maxFailureRatio: 0, monitorMs: 15_000 };
    expect(await readRollback('')).toEqual({ config, problems: [] });
    expect(await readRollback('rollback_config: {failure_action: continue}')).toEqual({
      config: { ...config, failureAction: 'continue' },
      problems: [],
    });
  });

  test.each([
    ['rollback', 'failure_action rollback is not possible, a rollback is never rolled back: use pause, continue'],
    ['undo', 'failure_action "undo" is unknown: use pause, continue'],
  ])('failure_action: %s', async (action, problem) => {
    const { problems } = await readRollback(`failure_action: ${action}`);
    expect(problems).toEqual([`rollback-config: ${problem}`]);
  });
});
