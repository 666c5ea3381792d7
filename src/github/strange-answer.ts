import { GitHubError } from '../errors.ts';

/** What to say of an answer that is not GitHub's, though its status is. */
export function strangeAnswer(apiUrl: string): GitHubError {
  return new GitHubError('rejected', `GitHub at ${apiUrl}: its answer is none of its API; check GITHUB_API_URL`);
}
