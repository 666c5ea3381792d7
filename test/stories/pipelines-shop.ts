import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ActDesk, openActDesk, type WorkflowOptions, type WorkflowRun } from '../../sandbox/act/act-desk.ts';
import { ensureProgram } from '../../sandbox/bed/packages.ts';
import type { Deployment } from '../../sandbox/cluster/model/workload-objects.ts';
import { createApiClient } from '../../sandbox/desk/api-client.ts';
import { eventually, PATIENT } from '../../sandbox/desk/eventually.ts';
import { kubeconfigText } from '../../sandbox/desk/kubeconfig-text.ts';
import { applyManifest } from '../../sandbox/desk/manifest.ts';
import { createSurroundings, type Surroundings } from '../../sandbox/desk/surroundings.ts';
import { type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import { webDeployment } from '../../sandbox/desk/web-workload.ts';
import { type FakeGitHub, openFakeGitHub } from '../../sandbox/github/fake-github.ts';

export type Environment = 'dev' | 'staging' | 'production';

/** The shop of examples/pipeline.yml: three environments on one cluster, and the repository that they are deployed from. */
export interface PipelineShop {
  readonly github: FakeGitHub;
  /** What the notify steps sent. */
  readonly messages: readonly string[];
  readonly surroundings: Readonly<Record<Environment, Surroundings>>;
  /** Starts a workflow by hand. */
  readonly dispatch: (workflow: string, inputs: Inputs, again?: Again) => Promise<WorkflowRun>;
  /** Pushes a tag, which starts pipeline.yml, or another workflow that waits for tags. */
  readonly push: (tag: string, again?: Again, workflow?: string) => Promise<WorkflowRun>;
  /** Somebody puts other images under a change-cause onto both Deployments of an environment, and they come up. */
  readonly put: (environment: Environment, release: string, cause: string) => Promise<void>;
  /** The image tags that the two Deployments of an environment are to run. */
  readonly runs: (environment: Environment) => Promise<readonly string[]>;
  /** What a rollout may borrow, of each of the two. */
  readonly fields: (environment: Environment) => Promise<readonly object[]>;
  readonly close: () => Promise<void>;
}

export type Inputs = Readonly<Record<string, string>>;
/** The same run once more has its id, and another attempt; `token` is another than one with all rights. */
export type Again = Pick<WorkflowOptions, 'runId' | 'attempt'> & { readonly token?: string };

const environments: readonly Environment[] = ['dev', 'staging', 'production'];
const workloads = ['frontend', 'backend'];
const migrate = '#!/bin/sh\necho "migrated to $RELEASE"\n';
/** So long is watched after each rollout; left out, it would be 15 s. */
const watched = 'monitor: 1s';

/** Every environment runs 1.0, and production ran 0.9 before. `files` are more of the repository's. */
export async function openPipelineShop(
  cluster: TestCluster,
  files: Inputs = {},
  { replicas = 1 } = {},
): Promise<PipelineShop> {
  for (const program of ['git', 'jq', 'curl']) await ensureProgram(program);
  const api = createApiClient(cluster.admin);
  for (const environment of environments) await makeNamespace(environment);
  for (const name of workloads) {
    await install('production', name, '0.9');
    for (const environment of environments) await install(environment, name, '1.0');
  }
  const [github, webhook] = await Promise.all([openFakeGitHub(), openWebhook()]);
  const act = await openRepository(github, files);
  const image = webImage('').replace(/:$/, '');
  const variables = {
    ...{ FRONTEND_IMAGE: image, BACKEND_IMAGE: image },
    ...{ UPDATE_CONFIG: watched, ROLLBACK_CONFIG: watched },
  };
  const secrets = { KUBECONFIG: kubeconfigText(cluster.admin, 'default'), WEBHOOK: webhook.url };
  const writes = github.token({ deployments: 'write', actions: 'read' });
  const run = (workflow: string, event: Pick<WorkflowOptions, 'event' | 'payload'>, again: Again = {}) => {
    const { token = writes, ...attempt } = again;
    return act.run(workflow, { ...event, ...attempt, variables, secrets: { ...secrets, GITHUB_TOKEN: token } });
  };
  const around = (environment: Environment) => createSurroundings(cluster, api, namespaceOf(environment));
  return {
    github,
    messages: webhook.messages,
    surroundings: { dev: around('dev'), staging: around('staging'), production: around('production') },
    dispatch: (workflow, inputs, again) =>
      run(workflow, { event: 'workflow_dispatch', payload: { ref: 'refs/heads/main', inputs } }, again),
    push: (tag, again, workflow = 'pipeline.yml') =>
      run(workflow, { event: 'push', payload: { ref: `refs/tags/${tag}`, after: act.sha } }, again),
    put: async (environment, release, cause) => {
      for (const name of workloads) await install(environment, name, release, cause);
    },
    runs: async (environment) => Promise.all(workloads.map((name) => tagOf(environment, name))),
    fields: async (environment) => Promise.all(workloads.map((name) => fieldsOf(environment, name))),
    close: async () => {
      act.close();
      await webhook.close();
      for (const environment of environments) await api.send({ method: 'DELETE', path: pathOf(environment) });
      api.close();
      await github.close();
    },
  };

  async function makeNamespace(environment: Environment): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(environment) } };
    // The one before it may still be on its way out.
    const made = { method: 'POST', path: '/api/v1/namespaces', body } as const;
    await eventually(`a new namespace ${namespaceOf(environment)}`, () => api.json<object>(made), PATIENT);
  }

  async function install(environment: Environment, name: string, release: string, cause = release): Promise<void> {
    const annotations = { 'kubernetes.io/change-cause': cause };
    const manifest = webDeployment({ name, image: webImage(release), replicas, annotations });
    await applyManifest(api, namespaceOf(environment), manifest);
    const complete = async () => {
      const { spec, status, metadata } = await read(environment, name);
      const seen = status.observedGeneration === metadata.generation;
      return (
        (seen && status.updatedReplicas === spec.replicas && status.availableReplicas === spec.replicas) || undefined
      );
    };
    await eventually(`${name} ${release} in ${environment}`, complete, PATIENT);
  }

  function read(environment: Environment, name: string): Promise<Deployment> {
    return api.json<Deployment>({ path: `/apis/apps/v1/namespaces/${namespaceOf(environment)}/deployments/${name}` });
  }

  async function fieldsOf(environment: Environment, name: string): Promise<object> {
    const {
      strategy,
      minReadySeconds = 0,
      progressDeadlineSeconds,
      paused = false,
    } = (await read(environment, name)).spec;
    return { strategy, minReadySeconds, progressDeadlineSeconds, paused };
  }

  async function tagOf(environment: Environment, name: string): Promise<string> {
    const { spec } = await read(environment, name);
    return spec.template.spec.containers[0]?.image.replace(/^.*:/, '') ?? '';
  }
}

async function openRepository(github: FakeGitHub, files: Inputs): Promise<ActDesk> {
  const { url: apiUrl, repository } = github;
  const act = await openActDesk({ apiUrl, repository, files: { ...files, 'migrate.sh': migrate } });
  github.push('main', { sha: act.sha });
  return act;
}

/** Where a chat would be. */
async function openWebhook() {
  const messages: string[] = [];
  const server = createServer(async (request, response) => {
    messages.push(String(JSON.parse(await text(request)).text));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, messages, close };
}

function namespaceOf(environment: Environment): string {
  return `shop-${environment}`;
}

function pathOf(environment: Environment): string {
  return `/api/v1/namespaces/${namespaceOf(environment)}`;
}
