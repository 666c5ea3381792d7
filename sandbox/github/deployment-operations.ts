import { createHash } from 'node:crypto';
import type { Call, Hub, Operation } from './call.ts';
import { DEFAULT_BRANCH, type GivenRef } from './commits.ts';
import { page } from './pagination.ts';
import type { StoredDeployment } from './records.ts';
import { type Reply, refusal } from './reply.ts';
import { deploymentJson } from './representation.ts';

const COLLECTION = '/repos/{owner}/{repo}/deployments';
const ONE = `${COLLECTION}/{deployment_id}`;

export const deploymentOperations: readonly Operation[] = [
  { method: 'GET', template: COLLECTION, needs: { deployments: 'read' }, carryOut: list },
  { method: 'POST', template: COLLECTION, needs: { deployments: 'write' }, carryOut: create },
  { method: 'GET', template: ONE, needs: { deployments: 'read' }, carryOut: read },
  { method: 'DELETE', template: ONE, needs: { deployments: 'write' }, carryOut: remove },
];

function list(call: Call, { deployments, stale }: Hub): Reply {
  const { query, place } = call;
  const filters = (['sha', 'ref', 'task', 'environment'] as const).filter((name) => (query[name] ?? 'none') !== 'none');
  const matching = deployments.all().filter((each) => filters.every((name) => each[name] === query[name]));
  return page(call, stale.shown(matching), (each) => deploymentJson(each, place));
}

function read({ parameters, place }: Call, { deployments }: Hub): Reply {
  const deployment = deployments.get(Number(parameters['deployment_id']));
  return deployment ? { status: 200, body: deploymentJson(deployment, place) } : refusal(404, 'Not Found');
}

function remove({ parameters }: Call, { deployments }: Hub): Reply {
  const deployment = deployments.get(Number(parameters['deployment_id']));
  if (!deployment) return refusal(404, 'Not Found');
  if (isActive(deployment) && deployments.all().length > 1)
    return refusal(
      422,
      'We cannot delete an active deployment unless it is the only deployment in a given environment.',
    );
  deployments.remove(deployment.id);
  return { status: 204 };
}

/** Any status but `success` makes a deployment inactive, and so free to delete. */
function isActive({ statuses }: StoredDeployment): boolean {
  return statuses[0]?.state === 'success';
}

function create({ body, caller, place }: Call, hub: Hub): Reply {
  const ref = String(body['ref']);
  const commit = hub.commits.resolve(ref);
  if (!commit) return refusal(422, `No ref found for: ${ref}`);
  const stopped = merged(ref, commit, body, hub) ?? unverified(ref, commit, body['required_contexts']);
  if (stopped) return stopped;
  const environment = textOf(body['environment'], 'production');
  const deployment = hub.deployments.create(
    {
      sha: commit.sha,
      ref,
      task: textOf(body['task'], 'deploy'),
      environment,
      payload: body['payload'] ?? {},
      description: textOf(body['description'], ''),
      transient: body['transient_environment'] === true,
      production: (body['production_environment'] as boolean | undefined) ?? environment === 'production',
    },
    caller,
  );
  hub.stale.hide(deployment.id);
  return { status: 201, body: deploymentJson(deployment, place) };
}

/** By default a ref that lacks commits of the default branch gets them, instead of a deployment. */
function merged(ref: string, commit: GivenRef, body: Call['body'], { commits }: Hub): Reply | undefined {
  if (body['auto_merge'] === false || !commit.behind) return undefined;
  if (commit.behind === 'in conflict') return refusal(409, `Conflict merging ${DEFAULT_BRANCH} into ${ref}.`);
  commits.push(ref, { sha: mergeOf(commit.sha), ...(commit.contexts && { contexts: commit.contexts }) });
  return { status: 202, body: { message: `Auto-merged ${DEFAULT_BRANCH} into ${ref} on deployment.` } };
}

/** By default every context that the commit has must be green. */
function unverified(ref: string, { contexts = {} }: GivenRef, required: unknown): Reply | undefined {
  const names = (required as readonly string[] | undefined) ?? Object.keys(contexts);
  if (names.every((name) => contexts[name] === 'success')) return undefined;
  return refusal(409, `Conflict: Commit status checks failed for ${ref}.`);
}

function mergeOf(sha: string): string {
  return createHash('sha1').update(`merge into ${sha}`).digest('hex');
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}
