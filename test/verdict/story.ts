import type { ContainerStatus, Deployment, Pod, ReplicaSet } from '../../src/rollout/objects.ts';
import { type Judged, judge, nothingSeen, type Seen } from '../../src/verdict/judge.ts';
import type { FailFast, Policy } from '../../src/verdict/policy.ts';

export function policyOf(failFast: FailFast, maxFailureRatio = 0, monitorMs = 30_000): Policy {
  return { failFast, maxFailureRatio, monitorMs };
}

/** How a container is; ready and running unless said otherwise. */
export type ContainerAt = Partial<ContainerStatus>;

export interface PodAt {
  readonly name?: string;
  readonly uid?: string;
  /** Empty: not scheduled. */
  readonly node?: string;
  readonly phase?: string;
  readonly leaving?: boolean;
  /** Being taken down by its node, or by who evicts it. */
  readonly disrupted?: boolean;
  /** What the kubelet said as it evicted it. */
  readonly evicted?: string;
  readonly image?: string;
  /** In which second it was made. */
  readonly born?: number;
  readonly unscheduled?: { readonly reason: string; readonly message?: string };
  readonly app?: ContainerAt;
  readonly init?: ContainerAt;
  readonly sidecar?: ContainerAt;
}

export const ready: ContainerAt = { ready: true, started: true, state: { running: {} } };
export const starting: ContainerAt = {
  ready: false,
  started: false,
  state: { waiting: { reason: 'ContainerCreating' } },
};
export const unready: ContainerAt = { ready: false, started: true, state: { running: {} } };

export function waiting(reason: string, message = '', restartCount = 0): ContainerAt {
  return { ready: false, started: false, restartCount, state: { waiting: { reason, message } } };
}

/** Down after a life that ended, before the kubelet backs off. */
export function ended(
  exitCode: number,
  restartCount = 0,
  reason = exitCode === 0 ? 'Completed' : 'Error',
): ContainerAt {
  return { ready: false, started: false, restartCount, state: { terminated: { exitCode, reason } } };
}

/** Up again after a life that ended. */
export function restarted(exitCode: number, restartCount: number, isReady = true): ContainerAt {
  const lastState = { terminated: { exitCode, reason: 'Error' } };
  return { ...(isReady ? ready : unready), restartCount, lastState };
}

/** A pod `web-a` on the node `n1`, ready unless a container is not. */
export function podAt({ name = 'web-a', uid = `uid-${name}`, node = 'n1', phase, ...pod }: PodAt = {}): Pod {
  const status = (container: string, at: ContainerAt): ContainerStatus => ({ name: container, restartCount: 0, ...at });
  const app = status('app', pod.app ?? ready);
  const inits = [pod.init && status('migrate', pod.init), pod.sidecar && status('mesh', pod.sidecar)];
  const isScheduled = pod.unscheduled === undefined;
  const isReady = isScheduled && app.ready === true && pod.sidecar?.ready !== false;
  return {
    metadata: {
      ...{ name, uid, namespace: 'shop', resourceVersion: '1' },
      ...(pod.born !== undefined && { creationTimestamp: new Date(pod.born * 1000).toISOString() }),
      ...(pod.leaving && { deletionTimestamp: '2026-11-21T10:00:00Z' }),
    },
    spec: {
      ...(isScheduled && { nodeName: node }),
      containers: [{ name: 'app', image: pod.image ?? 'registry/web:9' }],
      initContainers: [
        ...(pod.init ? [{ name: 'migrate', image: 'registry/migrate:9' }] : []),
        ...(pod.sidecar ? [{ name: 'mesh', image: 'registry/mesh:9', restartPolicy: 'Always' }] : []),
      ],
    },
    status: {
      phase: phase ?? (pod.evicted === undefined ? 'Running' : 'Failed'),
      ...(pod.evicted !== undefined && { reason: 'Evicted', message: pod.evicted }),
      conditions: [
        { type: 'PodScheduled', status: isScheduled ? 'True' : 'False', ...pod.unscheduled },
        { type: 'Ready', status: isReady && pod.evicted === undefined ? 'True' : 'False' },
        ...(pod.disrupted ? [{ type: 'DisruptionTarget', status: 'True' } as const] : []),
      ],
      initContainerStatuses: inits.filter((each) => each !== undefined),
      containerStatuses: isScheduled ? [app] : [],
    },
  };
}

export interface MomentOf {
  /** Seconds. */
  readonly at: number;
  readonly pods?: readonly PodAt[] | 'hidden';
  readonly replicas?: number;
  readonly completed?: boolean;
  /** In which second the rollout began. */
  readonly began?: number;
  /** With how many pods; as many as are wanted now unless given. */
  readonly completeWith?: number;
  readonly deployment?: Partial<Deployment['status']> & { readonly generation?: number };
  /** Why the ReplicaSet makes no pods; `made` of them it has. */
  readonly refused?: string;
  readonly made?: number;
  readonly strategy?: Deployment['spec']['strategy'];
  /** Of a set. */
  readonly updateStrategy?: Deployment['spec']['updateStrategy'];
}

/** A release of one pod unless said otherwise, at one moment. */
export function seenAt({ at, pods = [], replicas = 1, completed = false, refused, ...moment }: MomentOf): Seen {
  const template = { spec: { containers: [{ name: 'app', image: 'registry/web:9' }] } };
  const metadata = { name: 'web', namespace: 'shop', uid: 'web', resourceVersion: '1' };
  const { generation = 1, ...status } = moment.deployment ?? {};
  const made = moment.made ?? (pods === 'hidden' ? replicas : pods.length);
  const deployment: Deployment = {
    metadata: { ...metadata, generation },
    spec: {
      ...{ replicas, selector: {}, template },
      ...(moment.strategy && { strategy: moment.strategy }),
      ...(moment.updateStrategy && { updateStrategy: moment.updateStrategy }),
    },
    status: { observedGeneration: 1, replicas, updatedReplicas: 0, terminatingReplicas: 0, ...status },
  };
  const carrier: ReplicaSet = {
    metadata: { ...metadata, name: 'web-1', uid: 'web-1' },
    spec: { replicas, template },
    status: {
      replicas: made,
      ...(refused && {
        conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refused }],
      }),
    },
  };
  const seen = pods === 'hidden' ? undefined : pods.map(podAt);
  const completeWith = moment.completeWith ?? (completed ? replicas : undefined);
  const began = moment.began === undefined ? undefined : moment.began * 1000;
  return { deployment, carrier, desired: replicas, completeWith, began, at: at * 1000, pods: seen };
}

/** Judges moments one after the other. */
export function judgeAll(policy: Policy, moments: readonly MomentOf[]): readonly Judged[] {
  const judged: Judged[] = [];
  for (const moment of moments) judged.push(judge(judged.at(-1)?.memory ?? nothingSeen, seenAt(moment), policy));
  return judged;
}

/** In which second the release failed; undefined if it did not. */
export function failedAt(policy: Policy, moments: readonly MomentOf[]): number | undefined {
  const index = judgeAll(policy, moments).findIndex(({ cause }) => cause);
  return moments[index]?.at;
}
