import { createHash } from 'node:crypto';

/** The environment that holds the gate's own records, so that the history of real environments stays clean. */
export const GATE_ENVIRONMENT = 'release-gate';
/** What a release belongs to when nobody says. */
export const DEFAULT_SCOPE = 'default';

/** The task of all blocks and unblocks of one release: GitHub finds them by it in one request. */
export function gateTask(scope: string, release: string): string {
  return `release-gate:${keyOf(scope)}/${keyOf(release)}`;
}

/** What a task of the gate says of its release; undefined for one of another scope, and for no such task. */
export function keyInTask(scope: string, task: string): string | undefined {
  const [prefix = '', key, ...rest] = task.split('/');
  return prefix === `release-gate:${keyOf(scope)}` && key && rest.length === 0 ? key : undefined;
}

/** The task of what was deployed. */
export function deployTask(scope: string): string {
  return `release-deploy:${keyOf(scope)}`;
}

/** A commit's sha stands for itself, and a task stays below a hundred characters: GitHub names no limit. */
const PLAIN = /^[\w.+-]{1,42}$/;

/** Short and plain names stand for themselves; others are a readable beginning and a hash. Payloads hold the whole name. */
function keyOf(name: string): string {
  if (PLAIN.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${name.replace(/[^\w.+-]+/g, '-').slice(0, 25)}~${hash}`;
}
