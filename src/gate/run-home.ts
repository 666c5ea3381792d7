/** As GitHub's runner gives it, on any GitHub Enterprise Server, too. */
const RUN = /^(https?:\/\/)(\w[\w.-]*(?::\d+)?)\/(\w[\w.-]*)\/([\w.-]+)\/actions\/runs\/(\d{1,20})$/;
const GITHUB = 'github.com';

/** The repository that a workflow run is of. */
export interface RunHome {
  /** Of the run, the same for all its attempts. */
  readonly id: string;
  /** As `gh -R` takes it: `octo/shop`, with the server before it where that is not github.com. */
  readonly repository: string;
  /** Of its page: `https://github.com/octo/shop` */
  readonly url: string;
}

/** Where a workflow run lives, by its foreign URL; undefined for what is no such URL. Holds nothing that a shell reads. */
export function runHome(runUrl: string): RunHome | undefined {
  const [, scheme = '', host = '', owner = '', name = '', id] = RUN.exec(runUrl) ?? [];
  if (id === undefined) return undefined;
  const repository = [...(host === GITHUB ? [] : [host]), owner, name].join('/');
  return { id, repository, url: `${scheme}${host}/${owner}/${name}` };
}
