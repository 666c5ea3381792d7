import { type EmbeddedCluster, startCluster } from '../../sandbox/cluster/embedded-cluster.ts';
import type { KubeletTimings } from '../../sandbox/cluster/kubelet/kubelet.ts';
import type { Pod, Deployment as Stored } from '../../sandbox/cluster/model/workload-objects.ts';
import { createClock } from '../../src/clock.ts';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { ChecksAbout, TrainRequest } from '../../src/operations/train-request.ts';
import type { Check, CheckAnswer, Gate, LedgerStore } from '../../src/ports.ts';
import type { CanarySize } from '../../src/release/canary.ts';
import { fieldsOf, type RolloutFields } from '../../src/rollout/loan.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { createLogBook, type LogBook } from '../fakes/log-book.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut } from '../sandbox/cluster/cluster-fixture.ts';
import { refOf, request } from './shop.ts';

/** What the Deployments of these tests have of their own. */
export const OWN = {
  ...{ maxSurge: '40%', maxUnavailable: 1 },
  ...{ minReadySeconds: 0, progressDeadlineSeconds: 300, paused: false },
} as const satisfies RolloutFields;

export interface CanaryGround {
  readonly cluster: EmbeddedCluster;
  readonly ports: RollPorts & { readonly log: LogBook };
  readonly ledgers: LedgerStore;
  /** Installs release 1.0 with so many replicas, complete. */
  install(name: string, replicas: number, spec?: object): Promise<void>;
  deployment(name?: string): Deployment;
  /** Ready pods by the release of their image. */
  pods(name?: string): Readonly<Record<string, number>>;
  /** How often the Deployment was patched since the last call, rehearsals apart. */
  patches(name?: string): number;
  /** Takes all workloads and ledgers away. */
  clear(): void;
  close(): Promise<void>;
}

function isPatch({ method, query }: EmbeddedCluster['requests'][number]): boolean {
  return method === 'PATCH' && !query.includes('dryRun');
}

/** The embedded cluster in this process, and the operations' ports on it by the real adapter. */
export async function openCanaryGround(timings: Partial<KubeletTimings> = {}): Promise<CanaryGround> {
  const cluster = await startCluster({ namespaces: ['shop'], timings });
  const log = createLogBook();
  const client = createClusterClient({
    access: {
      server: cluster.server,
      tls: { ca: Buffer.from(cluster.caData, 'base64') },
      authorize: async () => ({ Authorization: `Bearer ${cluster.tokenFor('admin', ['system:masters'])}` }),
    },
    ...{ clock: createClock(), log, version: '0' },
  });
  const { ledgers } = client;
  const patched = new Map<string, number>();
  const deployment = (name = 'web') =>
    cluster.objects.get<Stored>('deployments', 'shop', name) as unknown as Deployment;
  return {
    ...{ cluster, ledgers, deployment },
    ports: {
      ...{ cluster: client.cluster, ledgers, clock: createClock(), log },
      ...{ interrupt: new AbortController().signal, secrets: [] },
      ...{ remember: () => {}, rememberBlocks: () => {} },
    },
    async install(name, replicas, spec = {}) {
      const rollingUpdate = { maxSurge: OWN.maxSurge, maxUnavailable: OWN.maxUnavailable };
      const strategy = { type: 'RollingUpdate', rollingUpdate };
      const { progressDeadlineSeconds } = OWN;
      cluster.objects.apply(deploymentManifest(name, '1.0', { replicas, strategy, progressDeadlineSeconds, ...spec }));
      await eventually(() => isRolledOut(cluster, name));
    },
    pods(name = 'web') {
      const counts: Record<string, number> = {};
      for (const pod of cluster.objects.list<Pod>('pods', 'shop')) {
        const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
        const release = pod.spec.containers[0]?.image.split(':')[1] ?? '';
        if (pod.metadata.labels?.['app'] === name && ready && !pod.metadata.deletionTimestamp)
          counts[release] = (counts[release] ?? 0) + 1;
      }
      return counts;
    },
    patches(name = 'web') {
      const path = `/apis/apps/v1/namespaces/shop/deployments/${name}`;
      const all = cluster.requests.filter((each) => isPatch(each) && each.path.startsWith(path)).length;
      const before = patched.get(name) ?? 0;
      patched.set(name, all);
      return all - before;
    },
    clear() {
      for (const resource of ['deployments', 'configMaps'] as const)
        for (const { metadata } of cluster.objects.list(resource, 'shop'))
          cluster.objects.delete(resource, 'shop', metadata.name);
    },
    async close() {
      client.close();
      await cluster.stop();
    },
  };
}

/** Whether a Deployment has all that is its own again, and the ledger notes nothing. */
export async function returned(ground: CanaryGround, name = 'web', own: object = OWN): Promise<boolean> {
  const { ledger } = await ground.ledgers.read(refOf(name));
  const fields = JSON.stringify(fieldsOf(ground.deployment(name)));
  return fields === JSON.stringify(own) && !('loan' in ledger) && !('canary' in ledger);
}

/** A release as a canary of these sizes. */
export function canary(
  release: string,
  sizes: readonly CanarySize[] = [{ pods: 1 }],
  more: Parameters<typeof request>[1] & { readonly holdMs?: number } = {},
): TrainRequest {
  const { holdMs, ...rest } = more;
  const wanted = { sizes, to: 'next', ...(holdMs !== undefined && { holdMs }) } as const;
  return request(release, { images: `web=${imageOf(release)}`, canary: wanted, ...rest });
}

/** As promote/ asks. */
export function promotion(to: 'next' | 'all' = 'next', more: Parameters<typeof request>[1] = {}): TrainRequest {
  return request('', { held: 'promote', canary: { sizes: [], to }, ...more });
}

/** As abort/ asks. */
export function abort(more: Parameters<typeof request>[1] = {}): TrainRequest {
  return request('', { held: 'abort', ...more });
}

/** A check of one release that says what is given now; every other one passes it. */
export function openCheck(now: CheckAnswer['state'], of = '1.1') {
  const given = { now };
  const checks = async ({ release }: ChecksAbout): Promise<readonly Check[]> => {
    const look = async () => {
      const state = release === of ? given.now : 'pass';
      return { state, message: state };
    };
    return [{ name: 'smoke', early: false, intervalMs: 5, threshold: 1, look }];
  };
  return { given, checks };
}

/** A gate at which these releases are blocked. */
export async function gateBlocking(...releases: readonly string[]): Promise<Gate> {
  const gate = createMemoryGate();
  for (const release of releases)
    await gate.append({
      ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', release), payload: blockRecord({ release }) },
      status: { state: 'failure', description: 'blocked' },
    });
  return gate;
}

/** A release for all pods. */
export function deploy(release: string, more: Parameters<typeof request>[1] = {}): TrainRequest {
  return request(release, { images: `web=${imageOf(release)}`, ...more });
}
