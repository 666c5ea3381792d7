import type { ApiAccess } from '../desk/api-client.ts';
import { watch } from '../desk/watch.ts';
import { deploymentsPath } from './workloads.ts';

export interface Availability {
  /** Resolves with the time, on the clock of `performance.now()`, at which all the named Deployments were seen to run an image alone. */
  readonly reached: (names: readonly string[], image: string) => Promise<number>;
  readonly close: () => void;
}

/** Watches the Deployments of the bench's namespace. */
export function watchAvailability(access: ApiAccess): Availability {
  const latest = new Map<string, Deployment>();
  const checks = new Set<() => void>();
  const close = watch<Deployment>(access, deploymentsPath, (deployment) => {
    latest.set(deployment.metadata.name, deployment);
    for (const check of checks) check();
  });
  return {
    close,
    reached: (names, image) =>
      new Promise((resolve) => {
        const check = () => {
          if (!names.every((name) => runsAlone(latest.get(name), image))) return;
          checks.delete(check);
          resolve(performance.now());
        };
        checks.add(check);
        check();
      }),
  };
}

/** All wanted pods are of the image's template and available, and no others are left. */
function runsAlone(deployment: Deployment | undefined, image: string): boolean {
  if (deployment === undefined) return false;
  const { metadata, spec, status } = deployment;
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    spec.template.spec.containers[0]?.image === image &&
    observedGeneration >= metadata.generation &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas)
  );
}

interface Deployment {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status: {
    readonly [count in 'observedGeneration' | 'replicas' | 'updatedReplicas' | 'availableReplicas']?: number;
  };
}
