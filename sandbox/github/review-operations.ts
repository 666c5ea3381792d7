import type { Call, Hub, Operation } from './call.ts';
import { type Reply, refusal } from './reply.ts';
import { reviewJson } from './representation.ts';

const HISTORY = '/repos/{owner}/{repo}/actions/runs/{run_id}/approvals';

export const reviewOperations: readonly Operation[] = [
  { method: 'GET', template: HISTORY, needs: { actions: 'read' }, carryOut: list },
];

/** Whole, without pages. Every number is a run here, reviewed or not. */
function list({ parameters, place }: Call, { reviews }: Hub): Reply {
  const runId = parameters['run_id'] ?? '';
  if (!/^\d+$/.test(runId)) return refusal(404, 'Not Found');
  return { status: 200, body: reviews.of(runId).map((review) => reviewJson(review, place)) };
}
