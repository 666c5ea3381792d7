import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import { kubeconfigText } from '../../sandbox/desk/kubeconfig-text.ts';
import { type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';

type Inputs = Readonly<Record<string, string>>;

interface Mistake {
  readonly inputs: Inputs | ((place: Place) => Inputs);
  readonly reason: string;
  /** The whole message, with NS for the namespace; one line for each problem. */
  readonly says: string | RegExp;
}

interface Place {
  readonly desk: Desk;
  /** Where nobody listens. */
  readonly nowhere: string;
  /** Where somebody takes every connection and never says a word. */
  readonly silent: string;
}

const LONG = 'x'.repeat(300);
const SHOWN = `${'x'.repeat(79)}…`;
const NOT_A_NAME = 'is not a name that Kubernetes allows: use a-z, 0-9,';

/** What people get wrong, and what they are told. Whatever is not said is right: release 1.1 on the Deployment web. */
const MISTAKES: Readonly<Record<string, Mistake>> = {
  'an unknown mode': {
    inputs: { mode: 'undo' },
    reason: 'invalid-input',
    says: 'mode "undo" is unknown: use auto, deploy, redeploy, rollback',
  },
  'an empty release': {
    inputs: { release: '' },
    reason: 'invalid-input',
    says: 'release is empty: name the release to deploy, for example 1.4.2',
  },
  'a newline in a release': {
    inputs: { release: '1.1\n::set-output name=outcome::succeeded' },
    reason: 'invalid-input',
    says: /^release "1\.1\u{FFFD}: ?:set-output name=outcome::succeeded" has a line end, control or invisible character: remove it$/u,
  },
  'a workflow command in a release': {
    inputs: { release: '::error::1.1' },
    reason: 'invalid-input',
    says: 'release "::error::1.1" has "::" or "##[", which begin a workflow command: use another separator',
  },
  'a release of 300 characters': {
    inputs: { release: LONG },
    reason: 'invalid-input',
    says: `release "${SHOWN}" has 300 characters: shorten it to 200 or fewer`,
  },
  'a Deployment of 300 characters': {
    inputs: { deployment: LONG },
    reason: 'invalid-input',
    says: `deployment "${SHOWN}" ${NOT_A_NAME} - and ., at most 253 characters`,
  },
  'a namespace of 300 characters': {
    inputs: { namespace: LONG },
    reason: 'invalid-input',
    says: `namespace "${SHOWN}" ${NOT_A_NAME} -, at most 63 characters`,
  },
  'no Deployment': {
    inputs: { deployment: ' ,' },
    reason: 'invalid-input',
    says: 'deployment is empty: name one or more Deployments',
  },
  'a path for a name': {
    inputs: { deployment: '../secrets/keys' },
    reason: 'invalid-input',
    says: 'deployment "../secrets/keys": .. is not supported; name a deployment, a statefulset or a daemonset',
  },
  'an image for every container': {
    inputs: { images: `*=${webImage('1.1')}` },
    reason: 'invalid-input',
    says: `images: "*=${webImage('1.1')}" would change sidecars too; name the container`,
  },
  'an image whose tag came out empty': {
    inputs: { images: 'web=rollkey.test/web:' },
    reason: 'invalid-input',
    says: 'images: "web=rollkey.test/web:" has nothing after the last ":"; is a variable empty?',
  },
  'many things at once': {
    inputs: { mode: 'undo', timeout: 'soon', images: '*=a', 'dry-run': 'yes' },
    reason: 'invalid-input',
    says: /^(mode|images|timeout|dry-run).*\n(mode|images|timeout|dry-run).*\n(mode|images|timeout|dry-run).*\n(mode|images|timeout|dry-run).*$/,
  },
  'an unknown container': {
    inputs: { images: `sidecar=${webImage('1.1')}` },
    reason: 'invalid-input',
    says: 'images: "sidecar" is no container of this run (web has web); correct the name',
  },
  'an unknown container beside a known one': {
    inputs: { images: `web=${webImage('1.1')}\nsidecar=${webImage('1.1')}` },
    reason: 'invalid-input',
    says: 'images: "sidecar" is no container of this run (web has web); correct the name',
  },
  'no images for a release that was never here': {
    inputs: { images: '' },
    reason: 'release-unknown',
    says: /^deployment NS\/web: release 1\.1 is not known here \(known: 1\.0\); pass images to deploy it, or raise revisionHistoryLimit$/,
  },
  'a rollback to what was never here': {
    inputs: { mode: 'rollback', release: '0.1' },
    reason: 'release-unknown',
    says: /^deployment NS\/web: release 0\.1 is not known here \(known: 1\.0\); deploy it/,
  },
  'a Deployment that is not there': {
    inputs: { deployment: 'absent' },
    reason: 'cluster-not-found',
    says: 'deployment NS/absent: not found; check its name and namespace',
  },
  'a namespace that is not there': {
    inputs: { namespace: 'rollkey-absent' },
    reason: 'cluster-not-found',
    says: 'namespace rollkey-absent: not found; check its name and namespace',
  },
  'two Deployments, one of which is not there': {
    inputs: { deployment: 'web, absent' },
    reason: 'cluster-not-found',
    says: 'deployment NS/absent: not found; check its name and namespace',
  },
  'a context that is not there': {
    inputs: { context: 'production' },
    reason: 'invalid-input',
    says: 'kubeconfig: context "production" does not exist (has: desk); set the input context to one of these',
  },
  'a kubeconfig that is none': {
    inputs: { kubeconfig: 'hunter2' },
    reason: 'invalid-input',
    says: /^kubeconfig: .+$/,
  },
  'an expired token': {
    inputs: ({ desk }) => ({ kubeconfig: kubeconfig(desk, { credentials: { token: 'expired' } }) }),
    reason: 'cluster-unauthorized',
    says: /: the API server does not accept the credentials \(expired\?\); renew those in the kubeconfig$/,
  },
  'a server that is not there': {
    inputs: ({ desk, nowhere }) => ({ kubeconfig: kubeconfig(desk, { server: `https://${nowhere}` }) }),
    reason: 'cluster-unreachable',
    says: /^cluster https:\/\/127\.0\.0\.1:\d+: connection refused; check that the server runs and the address is right$/,
  },
  'a certificate of an unknown authority': {
    inputs: ({ desk }) => ({ kubeconfig: withCluster(kubeconfig(desk), { 'certificate-authority-data': undefined }) }),
    reason: 'cluster-unreachable',
    says: /^cluster https:\/\/\S+: the server's certificate is not signed by a known CA; set certificate-authority-data in the kubeconfig to the cluster's CA$/,
  },
  'a proxy that hangs': {
    inputs: ({ desk, silent }) => ({ kubeconfig: withCluster(kubeconfig(desk), { 'proxy-url': `http://${silent}` }) }),
    reason: 'cluster-unreachable',
    says: /^cluster https:\/\/\S+: proxy http:\/\/127\.0\.0\.1:\d+: no answer within 10 s; check the proxy and its address$/,
  },
  'a server that hangs': {
    inputs: ({ desk, silent }) => ({ kubeconfig: kubeconfig(desk, { server: `https://${silent}` }) }),
    reason: 'cluster-unreachable',
    says: /^cluster https:\/\/127\.0\.0\.1:\d+: no answer within 10 s; check the address, firewalls and proxy settings$/,
  },
};

/** Makes each mistake with the built action: one line says what, on which object, what to do, and nothing is touched. */
export async function tellBadInput(cluster: TestCluster): Promise<void> {
  const [desk, nowhere, silence] = await Promise.all([openDesk(cluster, 'bad'), freeAddress(), openSilence()]);
  await desk.install({ image: webImage('1.0'), replicas: 1, annotations: { 'kubernetes.io/change-cause': '1.0' } });
  const place = { desk, nowhere, silent: silence.address };
  const before = await objectsOf(desk);
  const since = new Date();
  afterAll(async () => {
    silence.close();
    await desk.close();
  });

  describe('bad input', () => {
    test.concurrent.each(Object.keys(MISTAKES))(
      '%s',
      async (title) => {
        const { inputs, reason, says } = MISTAKES[title] as Mistake;
        const given = typeof inputs === 'function' ? inputs(place) : inputs;
        const right = { release: '1.1', deployment: 'web', images: `web=${webImage('1.1')}`, timeout: '30s' };
        const run = await desk.run('root', { ...right, ...given });
        expect(run).toMatchObject({
          exitCode: 1,
          outputs: { outcome: 'failed', 'reason-code': reason, changed: 'false' },
        });
        const message = (run.outputs['message'] ?? '').replaceAll(desk.namespace, 'NS');
        if (typeof says === 'string') expect(message).toBe(says);
        else expect(message).toMatch(says);
        expectOneCleanError(run);
      },
      60_000,
    );

    test.each(['plan', 'history'] as const)('%s/ says it, too', async (action) => {
      const inputs = { deployment: 'absent', ...(action === 'plan' && { release: '1.1' }) };
      const run = await desk.run(action, inputs);
      expect(run.exitCode).toBe(1);
      expect(run.annotations).toHaveLength(1);
      expect(run.annotations[0]?.message).toBe(
        `deployment ${desk.namespace}/absent: not found; check its name and namespace`,
      );
    });

    test('after all this the cluster is as it was', async () => {
      expect(await objectsOf(desk)).toEqual(before);
      const asked = (await desk.requestsSince(since)) ?? [];
      expect(asked.filter(({ verb }) => !['get', 'list'].includes(verb))).toEqual([]);
    });
  });
}

function expectOneCleanError(run: ActionRun): void {
  expect(run.annotations.map(({ level }) => level)).toEqual(['error']);
  expect(run.commands.filter(({ name }) => !['add-mask', 'error', 'debug'].includes(name))).toEqual([]);
  expect(run.summary).toContain('Nothing was changed');
  expect(run.log).not.toMatch(/^\s+at .+:\d+/m);
  expect(run.post).toMatchObject({ exitCode: 0 });
}

interface Written {
  readonly metadata: Readonly<Record<'name' | 'uid' | 'generation' | 'labels' | 'annotations', unknown>>;
  readonly spec?: object;
  readonly data?: object;
}

/** What could have been touched, as somebody wrote it: a status may still move by itself. */
async function objectsOf({ api, namespace }: Desk): Promise<readonly string[]> {
  const paths = ['apis/apps/v1', 'apis/apps/v1', 'api/v1'];
  const lists = ['deployments', 'replicasets', 'configmaps'].map(async (resource, index) => {
    const path = `/${paths[index]}/namespaces/${namespace}/${resource}`;
    const { items } = await api.json<{ readonly items: readonly Written[] }>({ path });
    return items.map(({ metadata: { name, uid, generation, labels, annotations }, spec, data }) => {
      const written = { uid, generation, labels, annotations, spec, data };
      return `${resource}/${name} ${JSON.stringify(written)}`;
    });
  });
  // Every namespace gets this one of its own accord.
  return (await Promise.all(lists)).flat().filter((text) => !text.startsWith('configmaps/kube-root-ca.crt'));
}

function kubeconfig({ cluster, namespace }: Desk, access: Partial<TestCluster['admin']> = {}): string {
  return kubeconfigText({ ...cluster.admin, ...access }, namespace);
}

function withCluster(text: string, fields: Readonly<Record<string, string | undefined>>): string {
  const config = JSON.parse(text);
  Object.assign(config.clusters[0].cluster, fields);
  return JSON.stringify(config);
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = addressOf(server);
  server.close();
  return address;
}

async function openSilence(): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = createServer((socket) => socket.unref().on('error', () => {}))
    .listen(0, '127.0.0.1')
    .unref();
  await once(server, 'listening');
  return { address: addressOf(server), close: () => server.close() };
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no address');
  return `127.0.0.1:${address.port}`;
}
