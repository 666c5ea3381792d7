import { basename, dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Concurrency, examples, own, type Permissions, shown, type Workflow } from './workflow-files.ts';

/** A job's rights, and in which line it waits for its turn. */
interface Rights {
  readonly permissions: Permissions;
  readonly concurrency?: Concurrency | { readonly group: string; readonly 'cancel-in-progress': string };
}

const NOTHING: Rights = { permissions: {} };
const READS_CODE: Rights = { permissions: { contents: 'read' } };
const ASKS: Rights = { permissions: { deployments: 'read' } };
const RECORDS: Rights = { permissions: { deployments: 'write' } };

/** One after the other, and nobody's turn is lost: without `queue: max`, GitHub cancels whoever waits when a third one comes. */
function inLine(group: string, { permissions }: Rights = RECORDS): Rights {
  return { permissions, concurrency: { group, queue: 'max' } };
}

/** Whatever changes one namespace of one environment. */
const PLACE = `rollkey-${expression('inputs.environment')}-${expression('inputs.namespace')}`;
const PRODUCTION = 'rollkey-production-shop-production';
const TAKES_BACK: Rights = { permissions: { actions: 'read', deployments: 'write' } };
const BUILDS: Rights = { permissions: { contents: 'read', deployments: 'write' } };
const PUBLISHES: Rights = { permissions: { contents: 'write', 'id-token': 'write', attestations: 'write' } };

/** What each job may do, and with whom it never runs at once; of `*`, the workflow itself. All of it, written out. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, Rights>>>> = {
  'workflows/abort.yml': { '*': NOTHING, abort: inLine(PLACE, TAKES_BACK) },
  'workflows/block.yml': { '*': NOTHING, block: RECORDS },
  'workflows/ci.yml': {
    '*': {
      permissions: {},
      concurrency: {
        group: `ci-${expression('github.ref')}`,
        'cancel-in-progress': expression("github.event_name == 'pull_request'"),
      },
    },
    ...{ test: READS_CODE, dist: READS_CODE, cluster: READS_CODE },
    codeql: { permissions: { contents: 'read', 'security-events': 'write' } },
    'ci-ok': NOTHING,
  },
  'workflows/deploy.yml': { '*': NOTHING, gate: ASKS, plan: NOTHING, deploy: inLine(PLACE) },
  'workflows/gate.yml': { '*': NOTHING, gate: ASKS },
  'workflows/promote.yml': { '*': NOTHING, review: ASKS, promote: inLine(PLACE) },
  'workflows/release.yml': { '*': inLine('release', NOTHING), check: READS_CODE, publish: PUBLISHES },
  'workflows/rollback.yml': { '*': NOTHING, rollback: inLine(PLACE) },
  'workflows/unblock.yml': { '*': NOTHING, unblock: RECORDS },
  'examples/block.yml': { '*': NOTHING, block: RECORDS },
  'examples/canary.yml': {
    ...{ '*': NOTHING, staging: inLine('rollkey-staging-shop-staging'), production: inLine(PRODUCTION) },
    ...{ review: ASKS, promote: inLine(PRODUCTION), abort: inLine(PRODUCTION, TAKES_BACK) },
  },
  'examples/pipeline.yml': {
    ...{ '*': NOTHING, dev: inLine('rollkey-dev-shop-dev', BUILDS) },
    ...{ staging: inLine('rollkey-staging-shop-staging', BUILDS), gate: ASKS },
    ...{ production: inLine(PRODUCTION, BUILDS), notify: NOTHING },
  },
  'examples/promote.yml': { '*': NOTHING, promote: RECORDS },
  'examples/rollback.yml': {
    '*': NOTHING,
    rollback: inLine(`rollkey-${expression('inputs.environment')}-shop-${expression('inputs.environment')}`),
  },
  'examples/unblock.yml': { '*': NOTHING, unblock: RECORDS },
  './README.md#1': { '*': NOTHING, gate: ASKS, production: inLine('rollkey-production-shop', BUILDS) },
  './README.md#2': { '*': NOTHING, rollback: inLine(`rollkey-${expression('inputs.environment')}-shop`) },
};

const all = [...own, ...examples, ...shown];

test('every workflow is in the table', () => {
  expect(all.map(nameOf).sort()).toEqual(Object.keys(RIGHTS).sort());
});

test.each(all.map((workflow) => [nameOf(workflow), workflow] as const))(
  '%s asks for these rights and no others, and waits for whatever changes the same place',
  (name, { permissions, concurrency, jobs }) => {
    const asked = Object.entries({ '*': { permissions, concurrency }, ...jobs }).map(([job, each]) => [
      job,
      { permissions: each.permissions, ...(each.concurrency !== undefined && { concurrency: each.concurrency }) },
    ]);
    expect(Object.fromEntries(asked)).toStrictEqual(RIGHTS[name]);
  },
);

function nameOf({ path }: Workflow): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

function expression(text: string): string {
  return `\${{ ${text} }}`;
}
