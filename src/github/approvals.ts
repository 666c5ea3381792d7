import type { Review } from '../gate/review.ts';
import type { Reviews } from '../ports.ts';
import { type ApiAccess, createApi } from './api.ts';
import { fieldsOf, textOf } from './json-fields.ts';
import { strangeAnswer } from './strange-answer.ts';

// https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
const ROUTE = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals';

/** What reviewers said to the runs of a repository, of all attempts of a run; GitHub does not page it. */
export function createReviews(access: ApiAccess): Reviews {
  const { repository, apiUrl } = access;
  const [owner = '', repo = ''] = repository.split('/');
  const api = createApi(access);
  return {
    async ofRun(runId, signal) {
      const parameters = { owner, repo, run_id: runId };
      const call = { route: ROUTE, access: 'read', permission: 'actions', expected: 200, parameters } as const;
      const { data } = await api(call, signal);
      if (!Array.isArray(data)) throw strangeAnswer(apiUrl);
      return data.map(toReview);
    },
  };
}

function toReview(review: unknown): Review {
  const { environments, state, user, comment } = fieldsOf(review);
  const named = Array.isArray(environments) ? environments.map((each) => textOf(fieldsOf(each)['name'])) : [];
  return {
    environments: named,
    state: textOf(state),
    login: textOf(fieldsOf(user)['login']),
    comment: textOf(comment),
  };
}
