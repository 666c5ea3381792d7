import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { WorkloadRef } from '../../src/ports.ts';
import { parseImages } from '../../src/release/images.ts';
import type { ContainerStatus, Deployment } from '../../src/rollout/objects.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { createFakeClock, type FakeClock } from '../fakes/fake-clock.ts';
import { createLogBook, type LogBook } from '../fakes/log-book.ts';
import { createMemoryCluster, type MemoryCluster } from '../fakes/memory-cluster.ts';
import { createMemoryLedgers, type MemoryLedgers } from '../fakes/memory-ledgers.ts';
import { type Made, workloadOf } from '../release/workload.ts';

export const POLICY: Policy = { failFast: 'balanced', maxFailureRatio: 0, monitorMs: 0 };
/** Nothing is done about a release that fails. */
export const CONTINUE = { failureAction: 'continue', policy: POLICY } as const;
export const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
export const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };

/** A container after its third crash. */
export const CRASHING: ContainerStatus = {
  name: 'app',
  ready: false,
  restartCount: 2,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s restarting failed container' } },
  lastState: { terminated: { exitCode: 3, reason: 'Error' } },
};

export interface Shop extends RollPorts {
  readonly cluster: MemoryCluster;
  readonly ledgers: MemoryLedgers;
  readonly clock: FakeClock;
  readonly log: LogBook;
}

/** A namespace `shop` in memory, with complete Deployments of the container `app` on the last of `history`. */
export function openShop(names: readonly string[] = ['web'], history: readonly Made[] = [V10]): Shop {
  const cluster = createMemoryCluster();
  for (const name of names) {
    const workload = JSON.stringify(workloadOf(history))
      .replaceAll('"web"', JSON.stringify(name))
      .replaceAll('"web-', `"${name}-`)
      .replaceAll('"uid-', `"uid-${name}-`)
      .replaceAll('deployment-uid', `${name}-uid`);
    const { deployment, replicaSets } = JSON.parse(workload) as ReturnType<typeof workloadOf>;
    cluster.install(deployment, replicaSets);
  }
  return {
    cluster,
    ledgers: createMemoryLedgers(),
    clock: createFakeClock(),
    log: createLogBook(),
    interrupt: new AbortController().signal,
    secrets: [],
    remember: () => {},
    rememberBlocks: () => {},
  };
}

export function refOf(name: string): WorkloadRef {
  return { kind: 'deployment', namespace: 'shop', name };
}

/** What a run of the action on `web` would ask, but for what is said otherwise. */
export function request(
  release: string,
  {
    images = '',
    refs = ['web'],
    ...rest
  }: Partial<Omit<TrainRequest, 'images' | 'refs'>> & {
    readonly images?: string;
    readonly refs?: readonly string[];
  } = {},
): TrainRequest {
  return {
    release,
    requested: 'auto',
    refs: refs.map(refOf),
    images: parseImages(images).lines,
    allowGitopsDrift: false,
    timeoutMs: 600_000,
    update: { failureAction: 'rollback', policy: POLICY },
    limits: {},
    rollbackLimits: {},
    rollback: POLICY,
    checks: async () => [],
    reason: '',
    actor: 'octocat',
    runUrl: '',
    runId: '',
    trigger: 'push',
    ...{ environment: '', scope: 'default', trust: [WORKFLOWS_LOGIN], blockOnRollback: true },
    ...rest,
  };
}

/** The Deployment with another image, as `kubectl set image` leaves it. */
export function withImage(deployment: Deployment, image: string): Deployment {
  const { template } = deployment.spec;
  const containers = template.spec.containers.map((container) => ({ ...container, image }));
  const spec = { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } };
  return { ...deployment, spec };
}

export function imageOf({ spec }: Deployment): string | undefined {
  return spec.template.spec.containers[0]?.image;
}
