/** A branch or tag, and what GitHub knows of the commit that it names. */
export interface GivenRef {
  readonly sha: string;
  /** The default branch has commits that this one lacks: GitHub merges it, unless `auto_merge` is false. */
  readonly behind?: boolean | 'in conflict';
  /** States of commit statuses by context. */
  readonly contexts?: Readonly<Record<string, 'success' | 'failure' | 'pending'>>;
}

export interface Commits {
  /** Makes or moves a branch or tag. */
  readonly push: (ref: string, given: GivenRef) => void;
  /** What a branch, a tag or a sha names; undefined where it names nothing. */
  readonly resolve: (ref: string) => GivenRef | undefined;
}

export const DEFAULT_BRANCH = 'main';
/** The commit that jobs of the sandbox's runner run for. */
export const HEAD = '0123456789abcdef0123456789abcdef01234567';

export const createCommits = (): Commits => {
  const refs = new Map<string, GivenRef>([[DEFAULT_BRANCH, { sha: HEAD }]]);
  return {
    push: (ref, given) => {
      refs.set(ref, given);
    },
    resolve: (ref) => {
      const name = ref.replace(/^refs\/(heads|tags)\//, '');
      const commit = [...refs.values()].find(({ sha }) => sha === name);
      // Nothing can be merged into a bare commit: GitHub calls that a conflict.
      return refs.get(name) ?? (commit?.behind ? { ...commit, behind: 'in conflict' } : commit);
    },
  };
};
