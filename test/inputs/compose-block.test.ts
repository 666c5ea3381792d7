import { describe, expect, test } from '@jest/globals';
import { readUpdateConfigs } from '../../src/inputs/update-config.ts';
import { COMPOSE_FILES } from './compose-files.ts';

const UPDATE = {
  ...{ failureAction: 'rollback', parallelism: 2, delayMs: 10_000, monitorMs: 30_000 },
  ...{ maxFailureRatio: 0.25, order: 'start-first' },
};
const ROLLBACK = {
  ...{ failureAction: 'pause', parallelism: 0, delayMs: 0, monitorMs: 20_000 },
  ...{ maxFailureRatio: 0, order: 'stop-first' },
};
const DEFAULT_ROLLBACK = { failureAction: 'pause', maxFailureRatio: 0, monitorMs: 15_000 };

describe('out of a docker-compose file', () => {
  test.each(Object.entries(COMPOSE_FILES))('%s is taken as it stands, for both inputs', async (_, text) => {
    const read = { updateConfig: UPDATE, rollbackConfig: ROLLBACK, problems: [] };
    expect(await readUpdateConfigs({ update: text, rollback: '' })).toEqual(read);
    expect(await readUpdateConfigs({ update: text, rollback: text })).toEqual(read);
    expect(await readUpdateConfigs({ update: '', rollback: text })).toMatchObject({ rollbackConfig: ROLLBACK });
  });

  test('what rollback-config says goes before what was pasted into the other one', async () => {
    const texts = { update: COMPOSE_FILES['a deploy block'] ?? '', rollback: 'monitor: 1s' };
    expect((await readUpdateConfigs(texts)).rollbackConfig).toEqual({ ...DEFAULT_ROLLBACK, monitorMs: 1_000 });
  });

  test.each([
    ['a deploy block that says nothing of it', 'deploy: {replicas: 3}'],
    ['an empty deploy block', 'deploy:'],
    ['a file whose services say nothing of it', 'services: {web: {image: w}, db: {image: d}}'],
    ['a file whose one service says nothing of it', 'services: {web: {deploy: {replicas: 2}}, db: {image: d}}'],
    ['extensions alone', 'x-a: 1'],
  ])('%s leaves the defaults', async (_, text) => {
    const { updateConfig, rollbackConfig, problems } = await readUpdateConfigs({ update: text, rollback: '' });
    expect(problems).toEqual([]);
    expect([updateConfig, rollbackConfig]).toEqual([
      { failureAction: 'rollback', maxFailureRatio: 0, monitorMs: 15_000 },
      DEFAULT_ROLLBACK,
    ]);
  });

  test.each([
    [
      'several services',
      'services: {web: {deploy: {update_config: {}}}, db: {image: d}, api: {deploy: {rollback_config: {}}}}',
      'update-config: has 2 services that say how they are updated (web, api): paste one of them',
    ],
    [
      'a mistake in deploy',
      'deploy: {update_conf: {}}',
      'update-config: deploy: update_conf is unknown: use mode, endpoint_mode, replicas, labels, rollback_config, ' +
        'update_config, resources, restart_policy, placement',
    ],
    [
      'a mistake in update_config',
      'services: {web: {deploy: {update_config: {paralellism: 2}}}}',
      'update-config: paralellism is unknown: use parallelism, delay, failure_action, monitor, max_failure_ratio, order',
    ],
    [
      'a mistake in rollback_config',
      'deploy: {rollback_config: {failure_action: rollback}}',
      'update-config: rollback_config: failure_action rollback is not possible, a rollback is never rolled back: use pause, continue',
    ],
    [
      'a mixture',
      '{monitor: 5s, deploy: {update_config: {}}}',
      'update-config: deploy is unknown: use parallelism, delay, failure_action, monitor, max_failure_ratio, order',
    ],
  ])('%s is said', async (_, text, problem) => {
    expect((await readUpdateConfigs({ update: text, rollback: '' })).problems).toEqual([problem]);
  });
});
