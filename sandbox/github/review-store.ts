/** What somebody said to the jobs of a run that wait for environments. */
export interface StoredReview {
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly environments: readonly string[];
  readonly login: string;
  readonly comment: string;
}

export interface ReviewStore {
  /** `comment` is empty unless given, the environment is `production`. */
  readonly add: (runId: string, review: Partial<StoredReview> & Pick<StoredReview, 'state' | 'login'>) => void;
  /** Of all attempts of a run. */
  readonly of: (runId: string) => readonly StoredReview[];
}

export const createReviewStore = (): ReviewStore => {
  const byRun = new Map<string, readonly StoredReview[]>();
  const of: ReviewStore['of'] = (runId) => byRun.get(runId) ?? [];
  return {
    of,
    add: (runId, review) => {
      byRun.set(runId, [...of(runId), { environments: ['production'], comment: '', ...review }]);
    },
  };
};
