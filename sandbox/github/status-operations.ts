import type { Call, Hub, Operation } from './call.ts';
import { page } from './pagination.ts';
import type { StatusState } from './records.ts';
import { invalidField, type Reply, refusal } from './reply.ts';
import { statusJson } from './representation.ts';

const COLLECTION = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
const LONGEST_DESCRIPTION = 140;

export const statusOperations: readonly Operation[] = [
  { method: 'GET', template: COLLECTION, needs: { deployments: 'read' }, carryOut: list },
  { method: 'POST', template: COLLECTION, needs: { deployments: 'write' }, carryOut: create },
];

function list(call: Call, { deployments }: Hub): Reply {
  const deployment = deployments.get(Number(call.parameters['deployment_id']));
  if (!deployment) return refusal(404, 'Not Found');
  return page(call, deployment.statuses, (each) => statusJson(each, deployment.id, call.place));
}

function create({ parameters, body, caller, place }: Call, { deployments }: Hub): Reply {
  const deployment = deployments.get(Number(parameters['deployment_id']));
  if (!deployment) return refusal(404, 'Not Found');
  const text = (name: string) => (body[name] as string | undefined) ?? '';
  const refused = refusedDescription(text('description'));
  if (refused) return refused;
  const draft = {
    state: body['state'] as StatusState,
    description: text('description'),
    environment: text('environment'),
    environmentUrl: text('environment_url'),
    logUrl: text('log_url') || text('target_url'),
    autoInactive: body['auto_inactive'] !== false,
  };
  const status = deployments.addStatus(deployment.id, draft, caller);
  return { status: 201, body: statusJson(status, deployment.id, place) };
}

function refusedDescription(description: string): Reply | undefined {
  const refuse = (problem: string) => invalidField('DeploymentStatus', 'description', `description ${problem}`);
  // https://github.com/ouzi-dev/commit-status-updater/issues/527 has it for the statuses of commits.
  if (/[\u{10000}-\u{10FFFF}]/u.test(description)) return refuse("doesn't accept 4-byte Unicode");
  const tooLong = description.length > LONGEST_DESCRIPTION;
  return tooLong ? refuse(`is too long (maximum is ${LONGEST_DESCRIPTION} characters)`) : undefined;
}
