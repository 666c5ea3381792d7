import { showRelease } from '../release/release-text.ts';
import { type Fields, isFields } from './fields.ts';

/** What a Compose file says about updates of one service. A part that is left out is undefined. */
export interface ComposeBlock {
  readonly update: unknown;
  readonly rollback: unknown;
  /** One line each. */
  readonly problems: readonly string[];
}

/** Keys of `deploy`, of which most are none of Rollkey's business (compose-spec, schema/compose-spec.json). */
const DEPLOY_KEYS = [
  'mode',
  'endpoint_mode',
  'replicas',
  'labels',
  'rollback_config',
  'update_config',
  'resources',
  'restart_policy',
  'placement',
];
const MOST_UNKNOWN = 5;

/**
 * Finds `update_config` and `rollback_config` in what was pasted out of a docker-compose file: the two with their names,
 * a service's `deploy`, the service, or a whole file in which one service says how it is updated. Undefined where it is
 * none of these.
 */
export function composeBlock(input: string, value: unknown): ComposeBlock | undefined {
  const found = isFields(value) ? deployIn(value) : undefined;
  if (found === undefined) return undefined;
  if ('problem' in found) return { update: undefined, rollback: undefined, problems: [`${input}: ${found.problem}`] };
  const { deploy } = found;
  const unknown = Object.keys(deploy).filter((key) => !DEPLOY_KEYS.includes(key) && !isExtension(key));
  return {
    update: deploy['update_config'],
    rollback: deploy['rollback_config'],
    problems: unknown
      .slice(0, MOST_UNKNOWN)
      .map((key) => `${input}: deploy: ${showRelease(key)} is unknown: use ${DEPLOY_KEYS.join(', ')}`),
  };
}

/** Extensions may stand anywhere in a Compose file. */
export function isExtension(key: string): boolean {
  return key.startsWith('x-');
}

type Found = { readonly deploy: Fields } | { readonly problem: string };

function deployIn(value: Fields): Found | undefined {
  const keys = Object.keys(value).filter((key) => !isExtension(key));
  const inner = keys.length === 1 ? value[keys[0] ?? ''] : undefined;
  if (isFields(value['services'])) return deployOfOne(value['services']);
  if (isService(value)) return { deploy: deployOf(value) };
  if (isFields(inner) && isService(inner)) return { deploy: deployOf(inner) };
  return keys.length > 0 && keys.every((key) => DEPLOY_KEYS.includes(key)) ? { deploy: value } : undefined;
}

/** Next to `deploy`, a service has keys that update_config has not; a mixture of both is a mistake. */
function isService(value: Fields): boolean {
  return Object.hasOwn(value, 'deploy') && (value['deploy'] === null || isFields(value['deploy'])) && !isMixed(value);
}

function isMixed(value: Fields): boolean {
  return ['parallelism', 'delay', 'failure_action', 'monitor', 'max_failure_ratio', 'order', 'update_config'].some(
    (key) => Object.hasOwn(value, key),
  );
}

function deployOf({ deploy }: Fields): Fields {
  return isFields(deploy) ? deploy : {};
}

function deployOfOne(services: Fields): Found {
  const all = Object.entries(services).filter(([, service]) => isFields(service));
  const telling = all.filter(([, service]) => {
    const deploy = deployOf(service as Fields);
    return Object.hasOwn(deploy, 'update_config') || Object.hasOwn(deploy, 'rollback_config');
  });
  const [[, service] = [], ...others] = telling.length > 0 ? telling : all;
  if (others.length === 0) return { deploy: isFields(service) ? deployOf(service) : {} };
  if (telling.length === 0) return { deploy: {} };
  const names = telling.slice(0, MOST_UNKNOWN).map(([name]) => showRelease(name));
  return {
    problem: `has ${telling.length} services that say how they are updated (${names.join(', ')}): paste one of them`,
  };
}
