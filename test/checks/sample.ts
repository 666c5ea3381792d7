import { type ChecksContext, createChecks } from '../../src/checks/create-checks.ts';
import { readChecks } from '../../src/inputs/read-checks.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';

export const CONTEXT: ChecksContext = {
  release: '1.1',
  previousRelease: '1.0',
  namespace: 'shop',
  deployments: ['web', 'api'],
  mode: 'deploy',
  serviceProxy: {
    get: () => Promise.reject(new Error('not asked for')),
    ping: () => Promise.reject(new Error('not asked for')),
  },
  environment: {},
};

/** The check that an item of `verify` makes. */
export async function checkOf(item: object, context: Partial<ChecksContext> = {}): Promise<Check> {
  const { checks, problems } = await readChecks(JSON.stringify([item]));
  const [check] = createChecks(checks, { ...CONTEXT, ...context });
  if (check === undefined) throw new Error(problems.join('\n'));
  return check;
}

/** What the check that an item of `verify` makes sees at its first look. */
export async function lookOf(item: object, context: Partial<ChecksContext> = {}): Promise<CheckAnswer> {
  return (await checkOf(item, context)).look(new AbortController().signal);
}
