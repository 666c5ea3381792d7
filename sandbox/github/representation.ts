import type { StoredDeployment, StoredStatus, Writer } from './records.ts';
import type { StoredReview } from './review-store.ts';

/** Whose objects, and below which address they are. */
export interface Place {
  /** The API's address, with the prefix of GitHub Enterprise Server where the request had it. */
  readonly api: string;
  /** `octo/shop` */
  readonly repository: string;
}

/** The repository's number: Link headers go by it. */
export const REPOSITORY_ID = 4_711_000;

/** A deployment as the REST API writes it. */
export function deploymentJson(deployment: StoredDeployment, place: Place): object {
  const url = `${repositoryUrl(place)}/deployments/${deployment.id}`;
  const { id, sha, ref, task, environment, payload, description, createdAt, updatedAt } = deployment;
  return {
    url,
    id,
    node_id: nodeId('Deployment', id),
    task,
    original_environment: deployment.originalEnvironment,
    environment,
    description: description || null,
    created_at: createdAt,
    updated_at: updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(place),
    creator: userJson(deployment.creator, place),
    sha,
    ref,
    payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: appJson(writerOf(deployment), place),
  };
}

/** A deployment's status as the REST API writes it. */
export function statusJson(status: StoredStatus, deploymentId: number, place: Place): object {
  const deploymentUrl = `${repositoryUrl(place)}/deployments/${deploymentId}`;
  const { id, state, description, environment, environmentUrl, logUrl, createdAt } = status;
  return {
    url: `${deploymentUrl}/statuses/${id}`,
    id,
    node_id: nodeId('DeploymentStatus', id),
    state,
    creator: userJson(status.creator, place),
    description,
    environment,
    target_url: logUrl,
    created_at: createdAt,
    updated_at: createdAt,
    deployment_url: deploymentUrl,
    repository_url: repositoryUrl(place),
    environment_url: environmentUrl,
    log_url: logUrl,
    performed_via_github_app: appJson(writerOf(status), place),
  };
}

/** A review of a run's waiting jobs as the REST API writes it: without a time. */
export function reviewJson({ state, environments, login, comment }: StoredReview, place: Place): object {
  return {
    state,
    comment,
    environments: environments.map((name) => environmentJson(name, place)),
    user: userJson(login, place),
  };
}

function environmentJson(name: string, place: Place): object {
  const [id, since] = [numberOf(name), '2020-11-23T22:00:40Z'];
  const filter = encodeURIComponent(name);
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${repositoryUrl(place)}/environments/${filter}`,
    html_url: `https://github.com/${place.repository}/deployments/activity_log?environments_filter=${filter}`,
    created_at: since,
    updated_at: since,
  };
}

/** GitHub's `simple-user`. */
export function userJson(login: string, { api }: Place): object {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  const id = numberOf(login);
  const page = (name: string) => `${url}/${name}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    followers_url: page('followers'),
    following_url: page('following{/other_user}'),
    gists_url: page('gists{/gist_id}'),
    starred_url: page('starred{/owner}{/repo}'),
    subscriptions_url: page('subscriptions'),
    organizations_url: page('orgs'),
    repos_url: page('repos'),
    events_url: page('events{/privacy}'),
    received_events_url: page('received_events'),
    type: isBot(login) ? 'Bot' : 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

/** As in listings of github.com: the App of a bot is not named, that by which a person's token came is. */
function appJson({ login, app }: Writer, place: Place): object | null {
  if (app === '' || isBot(login)) return null;
  const id = numberOf(app);
  const since = '2018-07-30T09:30:17Z';
  return {
    id,
    client_id: `Iv1.${id.toString(16).padStart(16, '0')}`,
    slug: app,
    node_id: nodeId('App', id),
    owner: userJson('github', place),
    name: app,
    description: '',
    external_url: 'https://help.github.com/en/actions',
    html_url: `https://github.com/apps/${app}`,
    created_at: since,
    updated_at: since,
    permissions: { deployments: 'write', metadata: 'read' },
    events: ['deployment', 'deployment_status'],
  };
}

function isBot(login: string): boolean {
  return login.endsWith('[bot]');
}

export function repositoryUrl({ api, repository }: Place): string {
  return `${api}/repos/${repository}`;
}

export function nodeId(kind: string, id: number): string {
  return Buffer.from(`0:${kind}${id}`).toString('base64url');
}

function writerOf({ creator, app }: { readonly creator: string; readonly app: string }): Writer {
  return { login: creator, app };
}

/** A number that stands for a name, always the same. */
function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 100_000_007, 7);
}
